"""A local Discord: gateway v10 and REST v10 over real HTTP and websocket, with people, moderators and faults.

Use it in a test
    def test_something(fake):                      # fixture of discordbot/tests/conftest.py; else `with FakeDiscord()`
        ana, mod = fake.person("Ana"), fake.person("Mo", "Moderator")      # fake.people(12) makes many
        env = os.environ | fake.environment        # DISCORD_BOT_TOKEN, … for `manage.py runbot`
        with fake.redirect(): ...                  # or for a discord.py client in this process
        fake.club, fake.forum, fake.voice, fake.moderators                 # its channels (`.id` is the snowflake)
        other = fake.add_server("Elsewhere"); fake.person("Ana", guild=other); fake.person("Beep", is_bot=True)

People: each verb waits and gives what Discord showed; in async code the same call is awaited
    answer = ana.slash("nominate", album="Blue")   # "club close" for a subcommand; force=True: whatever
    ana.autocomplete("nominate", "album", "blu")   # [{"name", "value"}]
    answer = ana.press(message, "Vote")            # Message, Answer or id; custom_id, label, or its start
    answer = ana.choose(message, "", ["Blue"])     # select by custom_id or placeholder ("" when it is the only one)
    answer = ana.submit(answer, {"Album": "Blue"}) # by label, its start, or custom_id; the rest as prefilled
    ana.type(thread, "4.5"); ana.edit(message, "…"); ana.delete(message); ana.react(message, "🔥")
    ana.sees(thread), ana.ephemerals, ana.dms, ana.pings                   # lists of Message, oldest first
    answer.kind ("message" "updated" "form" "choices" "acknowledged" "failed" "stuck"), .text, .message, .form, .seconds
    fake.together(lambda: [p.press(card, "Vote") for p in people])         # all at once
    future = fake.begin(ana.press, card, "Vote")                           # do not wait
A person who tries what the client does not allow gets `CannotDo` (an AssertionError).

Look: fake.threads("NOMINATIONS"), .thread(name), .messages(channel, by_bot=True), .pins(channel), .events, .commands;
    message.text/.content/.embeds/.buttons/.selects/.is_pinned/.pinged/.n_edits/.reactions; fake.wait_until(lambda: …)
    fake.requests, fake.sent("POST /channels/*"), fake.refused(50013), fake.recent()
    assert not fake.violations                     # bodies that Discord refuses (50035 and the like)
    assert not fake.failed_interactions            # "This interaction failed"
    fake.answer_seconds                            # seconds to each first answer, shortest first
    fake.ignored_keys                              # keys that Discord would silently drop: misspellings

By hand, as moderators do: fake.hands.delete(thing), .archive(thread, locked=True), .unarchive, .lock, .rename, .pin,
    .unpin, .take("PIN_MESSAGES", channel=…), .give(…), .leave(person), .rejoin, .close_dms, .remove_bot(),
    .invite_bot(), .rotate_token()

Trouble (`from discordbot.tests.fake_discord.faults import too_many, server_error, refusal, reset, hang, malformed`)
    fake.fault("POST /channels/*/messages", too_many(0.3), nth=2)          # also is_global=True, via=False
    fake.fault("POST *threads", server_error(after=True))                  # it acted, yet answers 500
    fake.fault("PUT */pins/*", refusal(50013), times=3)
    fake.chaos(Random(seed), 0.05, reset(), server_error(after=True), pattern="POST *")
    fake.go_offline(); fake.go_offline(offline=False)
    fake.kill_at(pid, "POST /channels/*/messages", when="acted", nth=2)    # before, acted (done, unanswered), after
    fake.on_request("POST *", before=function)                             # function(exchange), on the server's thread
    fake.on_loop(fake.gateway.ask_to_reconnect); (…invalidate, resumable=True); (…close, 4000); (…drop); (…hold);
        (…release, reverse=True); (…send_event, "INTERACTION_CREATE", {})
    fake.gateway.refuse_identify_with = 4014; .acks_heartbeats = False; .heartbeat_ms; .copies_of_interactions = 2
    fake.rest.limits.realistic()                                           # Discord's real rate limits, else wide open

What it refuses is what Discord refuses: bodies against Discord's OpenAPI file (`openapi_v10.json`, made by `extract`),
limits of bots (`limits`), permissions by channel (`permissions`; the bot's role has what the invite link asks for), 3 s
and 15 min for interactions (`fake.world.deadline_s`, `.token_lifetime_s`). A nonce seen before brings the first message
back, even a deleted one (`.remembers_deleted`): make a deleted message anew with a new nonce. Words of other people's
messages are empty without the message content intent: `fake.world.privileged = {"message_content"}` switches it on.
`fake.world.clock` is its idea of now. Threads are archived by hand only (`fake.hands.archive`), not by time.

Watch it: `make discord`, or `python -m discordbot.tests.fake_discord --port 8190`, prints the environment for a bot and
serves a page on which a person can read every channel and press buttons as any member.
"""

from .answers import Answer
from .forms import CannotDo, Form
from .people import Person
from .server import FakeDiscord

__all__ = ["Answer", "CannotDo", "FakeDiscord", "Form", "Person"]
