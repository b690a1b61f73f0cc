"""`{% kept "tile" week.pk %}…{% endkept %}`: a piece of a page, made once for each state of the club.

For pieces that look the same to whoever asks; name everything else they depend on as an argument. The revision of the
club, the release and the language are part of the key already. Never put a form, a token or a time "from now" inside.
"""

from __future__ import annotations

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from sidetrack import kept_copies

register = template.Library()


class KeptNode(template.Node):
    def __init__(self, nodelist: NodeList, arguments: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.arguments = arguments

    def render(self, context: Context) -> SafeString:
        depends = [argument.resolve(context) for argument in self.arguments]
        made = kept_copies.kept(context.get("request"), depends, lambda: str(self.nodelist.render(context)))
        return mark_safe(made)  # noqa: S308  (a template rendered it)


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    arguments = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, arguments)
