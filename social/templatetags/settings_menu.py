"""`{% settings_menu as sections %}`: the menu of settings for the page that asks."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.utils.functional import Promise

from social import settings_menu as menus

register = template.Library()


@register.simple_tag(takes_context=True)
def settings_menu(context: Context) -> list[tuple[str | Promise, list[menus.Entry]]]:
    return menus.menu(context["request"])
