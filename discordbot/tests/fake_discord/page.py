"""A page on which a person can watch this Discord: channels, threads, messages, and every button to press.

Made for looking, not for beauty: plain forms, no script; the server's part refreshes itself.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .answers import Answer
from .forms import CannotDo, Field, Form
from .page_style import STYLE
from .people import Person
from .refusals import Refusal
from .rendering import rendered
from .things import Channel, Kind, Message

if TYPE_CHECKING:
    from .server import FakeDiscord

REFRESH_S = 4
SELECTS = {3, 6, 8}  # of texts, roles, channels
ICONS = {Kind.TEXT: "#", Kind.FORUM: "▤", Kind.VOICE: "🔊", Kind.THREAD: "↳", Kind.DM: "@"}


class Page:
    """members: who the watcher may be. form: what the bot last asked that person, still unanswered."""

    def __init__(self, fake: FakeDiscord, members: list[Person]) -> None:
        self.fake = fake
        self.members = members
        self.last: dict[int, Answer] = {}

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/", self.show)
        app.router.add_get("/view", self.view)
        app.router.add_get("/log", self.log)
        app.router.add_post("/act", self.act)

    # --- Showing ---
    async def show(self, request: web.Request) -> web.Response:
        """The frame: what refreshes itself stands within, so that nobody loses what they are typing."""
        person = self.person(request.query.get("as", ""))
        channel = self.channel(request.query.get("in", ""), person)
        inner = f"/view?as={person.id}&in={channel.id}"
        parts = [
            f'<main><iframe src="{inner}" title="The server as {escape(person.account.display_name)} sees it">',
            "</iframe></main><aside>",
            self.who(person, channel),
            self.outcome(person, channel),
            self.typing(person, channel),
            self.commands(person, channel),
            '<p><a href="/log">Log of requests</a></aside>',
        ]
        return self.document("outer", parts)

    async def view(self, request: web.Request) -> web.Response:
        person = self.person(request.query.get("as", ""))
        channel = self.channel(request.query.get("in", ""), person)
        parts = [
            f"<nav>{self.places(person, channel)}</nav><main>",
            f"<h1>{escape(ICONS[channel.type])} {escape(channel.name)}{self.marks(channel)}</h1>",
            *(self.message(row, person) for row in person.sees(channel)),
            self.events(),
            "</main>",
        ]
        return self.document("inner", parts, refresh=True)

    def document(self, name: str, parts: list[str], *, refresh: bool = False) -> web.Response:
        again = f"<meta http-equiv=refresh content={REFRESH_S}>" if refresh else ""
        head = f"<!doctype html><html lang=en class={name}><meta charset=utf-8>{again}<base target=_top>"
        text = f"{head}<title>Local Discord</title><style>{STYLE}</style><body>{''.join(parts)}</body></html>"
        return web.Response(text=text, content_type="text/html")

    def person(self, text: str) -> Person:
        return next((row for row in self.members if str(row.id) == text), self.members[0])

    def channel(self, text: str, person: Person) -> Channel:
        known = [*self.fake.guild.channels.values(), *person.own_dms()]
        return next((row for row in known if str(row.id) == text), self.fake.club)

    def who(self, person: Person, channel: Channel) -> str:
        options = "".join(
            f"<option value={row.id}{' selected' if row is person else ''}>{escape(row.account.display_name)}</option>"
            for row in self.members
        )
        hidden = f"<input type=hidden name=in value={channel.id}>"
        return f"<form>{hidden}<label>You are <select name=as>{options}</select></label> <button>Be</button></form>"

    def places(self, person: Person, here: Channel) -> str:
        rows = []
        channels = list(self.fake.guild.channels.values())
        for top in [row for row in channels if not row.is_thread] + person.own_dms():
            for row in [top, *(thread for thread in channels if thread.is_thread and thread.parent_id == top.id)]:
                current = " aria-current=page" if row is here else ""
                link = f'<a href="/?as={person.id}&in={row.id}"{current}>{ICONS[row.type]} {escape(row.name)}</a>'
                rows.append(f"<li class={'thread' if row.is_thread else 'top'}>{link}{self.marks(row)}")
        return f"<ul>{''.join(rows)}</ul>"

    def marks(self, channel: Channel) -> str:
        marks = [word for word, is_so in (("archived", channel.archived), ("locked", channel.locked)) if is_so]
        return f" <small>{', '.join(marks)}</small>" if marks else ""

    def message(self, message: Message, person: Person) -> str:
        marks = [f"{message.created_at:%H:%M:%S}"]
        marks += ["📌 pinned"] if message.is_pinned else []
        marks += ["edited"] if message.edited_at else []
        marks += ["only you see this"] if message.visible_to else []
        marks += ["is thinking…"] if message.is_loading else []
        if message.is_system:
            return f"<p class=system>— {escape(message.author.display_name)}: {message.type.name.lower()} —</p>"
        parts = [f"<article><h2>{escape(message.author.display_name)} <small>{escape(' · '.join(marks))}</small></h2>"]
        parts.append(f"<p class=words>{self.words(message.content)}</p>" if message.content else "")
        parts += [self.embed(embed) for embed in message.embeds]
        shown = {(embed.get("image") or {}).get("url") for embed in message.embeds}
        for row in message.attachments:
            if row.url in shown:
                continue
            alt = escape(row.description or row.filename, quote=True)
            parts.append(f'<img src="{escape(row.url, quote=True)}" alt="{alt}">')
        parts += [self.control(part, message, person) for part in message.parts() if part["type"] in {2, *SELECTS}]
        parts += [f"<span class=reaction>{escape(emoji)} {len(who)}</span>" for emoji, who in message.reactions.items()]
        return "".join(parts) + "</article>"

    def words(self, text: str) -> str:
        html = rendered(text, now=datetime.now(UTC))
        return re.sub(r"&lt;#(\d+)&gt;", lambda found: self.named(int(found[1])), html)

    def named(self, snowflake: int) -> str:
        """A channel or thread that a message leads to."""
        row = self.fake.world.find_channel(snowflake)
        return f"<b>{escape(ICONS[row.type])} {escape(row.name)}</b>" if row else "<i># unknown</i>"

    def embed(self, embed: dict[str, Any]) -> str:
        parts = [f"<b>{escape(embed['title'])}</b>"] if embed.get("title") else []
        parts += [f"<p class=words>{self.words(embed['description'])}</p>"] if embed.get("description") else []
        for line in embed.get("fields") or []:
            parts.append(f"<p class=words><b>{escape(line['name'])}</b>\n{self.words(line['value'])}</p>")
        for key in ("image", "thumbnail"):
            url = (embed.get(key) or {}).get("url", "")
            if url.startswith(self.fake.world.address):
                parts.append(f'<img src="{escape(url, quote=True)}" alt="">')
        footer = (embed.get("footer") or {}).get("text")
        parts += [f"<small>{escape(footer)}</small>"] if footer else []
        return f"<blockquote>{''.join(parts)}</blockquote>"

    def form_start(self, verb: str, person: Person, channel_id: int, message_id: int = 0) -> str:
        return (
            f"<form method=post action=/act><input type=hidden name=verb value={verb}>"
            f"<input type=hidden name=as value={person.id}><input type=hidden name=in value={channel_id}>"
            f"<input type=hidden name=message value={message_id}>"
        )

    def control(self, part: dict[str, Any], message: Message, person: Person) -> str:
        state = " disabled" if part.get("disabled") else ""
        label = escape(f"{(part.get('emoji') or {}).get('name', '')} {part.get('label') or ''}".strip())
        if part.get("url"):
            return f'<a class=button href="{escape(part["url"], quote=True)}">{label} ↗</a>'
        custom_id = f'<input type=hidden name=part value="{escape(part["custom_id"], quote=True)}">'
        start = self.form_start("press" if part["type"] == 2 else "choose", person, message.channel_id, message.id)
        if part["type"] == 2:
            return f"{start}{custom_id}<button class=style{part['style']}{state}>{label}</button></form>"
        field = Field(part.get("placeholder") or "Choose", "", part | {"options": self.options_of(part)})
        return f"{start}{custom_id}{self.question(field)}<button{state}>Choose</button></form>"

    def options_of(self, part: dict[str, Any]) -> list[dict[str, Any]]:
        """What Discord's client offers by itself where a select asks for roles or channels."""
        chosen = {str(row["id"]) for row in part.get("default_values") or []}
        rows: list[tuple[int, str]] = []
        match part["type"]:
            case 3:
                return list(part["options"])
            case 6:
                rows = [(role.id, role.name) for role in self.fake.guild.roles.values()]
            case 8:
                kinds = set(part.get("channel_types") or Kind)
                channels = [row for row in self.fake.guild.channels.values() if row.type in kinds and not row.is_thread]
                rows = [(row.id, f"{ICONS[row.type]} {row.name}") for row in channels]
        return [{"value": str(number), "label": name, "default": str(number) in chosen} for number, name in rows]

    def question(self, field: Field) -> str:
        name = escape(field.custom_id, quote=True)
        if field.options:
            many = field.part["type"] == 22 or (field.part.get("max_values") or 1) > 1
            may_be_empty = not field.is_required or field.part.get("min_values") == 0
            first = "<option value=''>—</option>" if may_be_empty and not many else ""
            chosen = field.prefilled if isinstance(field.prefilled, list) else [field.prefilled]
            options = "".join(
                f'<option value="{escape(row["value"], quote=True)}"{" selected" if row["value"] in chosen else ""}>'
                f"{escape(row['label'])}</option>"
                for row in field.options
            )
            inner = f'<select name="q:{name}"{" multiple" if many else ""}>{first}{options}</select>'
        else:
            inner = f'<textarea name="q:{name}" rows=2>{escape(str(field.prefilled))}</textarea>'
        return f"<label>{escape(field.label)} <small>{escape(field.description)}</small>{inner}</label>"

    def events(self) -> str:
        rows = [f"<li>{escape(row.name)}: {row.starts_at:%a %d %b %H:%M} UTC" for row in self.fake.events]
        return f"<section><h2>Events</h2><ul>{''.join(rows)}</ul></section>" if rows else ""

    def typing(self, person: Person, channel: Channel) -> str:
        start = self.form_start("type", person, channel.id)
        return f"{start}<textarea name=text rows=2 aria-label=Message></textarea><button>Send</button></form>"

    def outcome(self, person: Person, channel: Channel) -> str:
        answer = self.last.get(person.id)
        if answer is None:
            return ""
        if answer.form is None:
            words = f"<p class=words>{escape(answer.text)}</p>"
            return f"<section class={answer.kind}><h2>{escape(answer.kind)}</h2>{words}</section>"
        form = answer.form
        questions = "".join(self.question(field) for field in form.fields)
        texts = "".join(f"<p class=words>{escape(text)}</p>" for text in form.texts)
        start = self.form_start("submit", person, channel.id)
        cancel = f"{self.form_start('cancel', person, channel.id)}<button>Cancel</button></form>"
        asked = f"{start}{texts}{questions}<button>Submit</button></form>"
        return f"<section><h2>{escape(form.title)}</h2>{asked}{cancel}</section>"

    def commands(self, person: Person, channel: Channel) -> str:
        start = self.form_start("slash", person, channel.id)
        names = ", ".join(f"/{escape(name)}" for name in self.fake.commands) or "none yet: no bot has registered any"
        field = "<input name=text aria-label=Command placeholder='nominate album=Blue'>"
        return f"<section><h2>Commands</h2><p>{names}</p>{start}{field}<button>Send</button></form></section>"

    # --- Acting ---
    async def act(self, request: web.Request) -> web.Response:
        data = await request.post()
        person = self.person(str(data["as"]))
        try:
            await self.carry_out(data, person)
        except (CannotDo, Refusal) as refused:
            return web.Response(status=400, text=f"{refused}\n\nGo back.")
        raise web.HTTPSeeOther(f"/?as={person.id}&in={int(str(data['in']))}")

    async def carry_out(self, data: Any, person: Person) -> None:
        channel, message = int(data["in"]), int(data.get("message") or 0)
        answers = {key[2:]: data.getall(key) for key in data if key.startswith("q:")}
        match data["verb"]:
            case "press":
                self.last[person.id] = await person.press(message, str(data["part"]))
            case "choose":
                values = [value for value in answers.get(str(data["part"]), []) if value]
                self.last[person.id] = await person.choose(message, str(data["part"]), values)
            case "submit":
                form = self.last[person.id].form or Form({})
                single = {field.custom_id for field in form.fields if not field.options or field.part["type"] == 21}
                filled = {
                    key: (values[0] if key in single else [row for row in values if row])
                    for key, values in answers.items()
                }
                self.last[person.id] = await person.submit(self.last[person.id], filled)
            case "cancel":
                self.last.pop(person.id, None)
            case "type":
                await person.type(channel, str(data["text"]).replace("\r\n", "\n"))
            case "slash":
                command, options = read_command(str(data["text"]))
                self.last[person.id] = await person.slash(command, channel=channel, **options)

    async def log(self, request: web.Request) -> web.Response:
        rows = [
            f"{row.number:5} {row}" + (f"  [{row.fault}]" if row.fault else "") for row in self.fake.requests[-500:]
        ]
        rows += ["", "Refused bodies:", *(str(row) for row in self.fake.violations[-50:])]
        return web.Response(text="\n".join(rows), content_type="text/plain")


def read_command(text: str) -> tuple[str, dict[str, str]]:
    """ "nominate album=Kind of Blue year=1959" -> ("nominate", {"album": "Kind of Blue", "year": "1959"})."""
    words, options, name = text.strip().removeprefix("/").split(), {}, ""
    command = []
    for word in words:
        key, sign, value = word.partition("=")
        if sign:
            name = key
            options[name] = value
        elif name:
            options[name] += f" {word}"
        else:
            command.append(word)
    return " ".join(command), options
