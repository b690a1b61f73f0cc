"""What stands in Discord, and what could not be made, with the reason."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from discordbot.admin.reading import ReadOnly
from discordbot.models import Post
from discordbot.panels import address_of


class HasProblem(admin.SimpleListFilter):
    title = "problem"
    parameter_name = "problem"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Post]) -> list[tuple[str, str]]:
        return [("yes", "Waits for something to be mended"), ("no", "Well")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Post]) -> QuerySet[Post]:
        match self.value():
            case "yes":
                return queryset.exclude(problem="")
            case "no":
                return queryset.filter(problem="")
            case _:
                return queryset


@admin.register(Post)
class PostAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("kind", "key", "week", "state", "made_at", "problem", "next_try_at", "in_discord")
    list_filter = ("state", HasProblem, "kind")
    search_fields = ("=week__number", "key", "problem", "=message_snowflake", "=thread_snowflake")
    list_select_related = ("week",)
    date_hierarchy = "created_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Post]:
        """Without the messages that tell a member of their freed vote: those would show who had voted for what."""
        return super().get_queryset(request).exclude(kind="direct", key__startswith="withdrawn-")

    @admin.display(description="in Discord")
    def in_discord(self, post: Post) -> SafeString | str:
        place = post.thread_snowflake or post.channel_snowflake
        if not place:
            return "–"
        message = f"/{post.message_snowflake}" if post.message_snowflake and not post.thread_snowflake else ""
        return format_html('<a href="{}{}" rel="noopener">Open</a>', address_of(place), message)
