"""Which of the words that people tag music with are genres. Pure.

Tags are also moods, places, decades, instruments and “albums I own”. A genre is a name of its own, or something said
before one: “norwegian black metal” is a genre because “metal” is.
"""

from __future__ import annotations

import re

MAX_WORDS = 5  # what is longer is a sentence: “songs that make me want to rock”


def _plain(name: str) -> str:
    """Hip-Hop, hip hop and HIP/HOP alike."""
    return " ".join(re.sub(r"[-–/_]", " ", name.casefold()).split())


def _set(text: str) -> frozenset[str]:
    return frozenset(_plain(name) for name in text.split(","))


# Genres by themselves, and after whatever words.
ROOTS = _set(
    """a cappella, acid, afrobeat, afrobeats, ambient, americana, bachata, ballad, ballads, baroque, bass, bebop,
    big beat, bluegrass, blues, boogaloo, boogie, boom bap, bop, bossa nova, breakbeat, breaks, britpop, cabaret,
    calypso, chanson, chiptune, classical, coldwave, country, crunk, crust, cumbia, dancehall, darkwave, disco,
    doo wop, doom, downtempo, drill, drone, drum & bass, drum and bass, drum n bass, dub, dubstep, edm, electro,
    electronic, electronica, emo, enka, eurobeat, fado, flamenco, folk, footwork, forro, forró, freestyle, funk,
    fusion, gabber, glitch, gospel, goth, grime, grindcore, grunge, hardcore, hardstyle, highlife, hip hop,
    hiphop, honky tonk, house, hyperpop, idm, improv, improvisation, industrial, jazz, jive, juke, jungle,
    kizomba, klezmer, krautrock, kuduro, lo fi, lofi, lounge, mambo, mariachi, mbalax, merengue, metal,
    metalcore, minimalism, motown, neofolk, noise, opera, polka, pop, post punk, post rock, power pop,
    powerviolence, prog, psytrance, punk, r & b, r&b, r'n'b, ragga, ragtime, rap, rave, reggae, reggaeton, rhythm
    and blues, rnb, rock, rock & roll, rock and roll, rock n roll, rocksteady, rumba, salsa, samba, schlager,
    screamo, sertanejo, shoegaze, ska, slowcore, sludge, soca, soukous, soul, stoner, swing, synth pop, synthpop,
    synthwave, tango, techno, tejano, thrash, trance, trap, trip hop, triphop, tropicalia, tropicália,
    turntablism, vaporwave, wave, worldbeat, zouk, zydeco"""
)

# Genres only as they stand.
NAMES = _set(
    """2 step, 2 tone, 2tone, 8 bit, adult contemporary, african, afro cuban, alternative, alternative dance, anti
    folk, aor, art song, avant garde, avantgarde, balearic, balkan, baltimore club, batucada, bhangra, big band,
    black midi, bolero, brass band, brill building, british invasion, broken beat, cantautorato, canterbury scene,
    celtic, chamber music, chant, chill, chill out, chillout, choral, choro, comedy, contemporary classical, cosmic
    american music, crossover, dance, dangdut, dirty south, dixieland, djent, early music, easy listening, ebm,
    electroacoustic, electroclash, ethereal, ethno, eurodance, exotica, experimental, fandango, field recordings,
    film score, filmi, freakbeat, fuji, future garage, futurism, game music, gamelan, gangsta, garage, ghazal, girl
    group, glam, goa, gothic, gqom, gregorian chant, guaracha, harsh noise wall, hi nrg, honkyoku, horrorcore,
    indie, isicathamiya, italo, jam band, jangle, joik, jpop, jrock, juju, kpop, latin, leftfield, library music,
    madchester, marabi, math, mbaqanga, medieval, mento, merseybeat, miami bass, microtonal, minimal, mod, morna,
    mpb, musical, musicals, musique concrete, musique concrète, ndh, ndw, neo classical, neoclassical, neue deutsche
    härte, neue deutsche welle, new age, new beat, new jack swing, new romantic, new wave of british heavy metal,
    new weird america, no wave, nortec, norteño, nueva cancion, nueva canción, nwobhm, oi, oi!, oldies, orchestral,
    pagode, piedmont blues, plunderphonics, polyphony, power electronics, power noise, progressive, psych,
    psychedelia, psychedelic, qawwali, quiet storm, rai, ranchera, raï, rebetiko, renaissance, riddim, riot grrrl,
    roots, score, serialism, sevdah, shanty, shoegazer, shoegazing, singer songwriter, skiffle, slam poetry, son,
    son cubano, sound art, sound collage, soundscape, soundtrack, southern gothic, spectralism, spiritual,
    spirituals, spoken word, stand up comedy, surf, symphonic, symphony, synth, third stream, throat singing, timba,
    tribal, tropical, turbo folk, twee, two tone, uk garage, vallenato, vgm, video game music, visual kei,
    volksmusik, waltz, west coast, western, witch house, world, world music, yacht rock, zeuhl"""
)

# Made in one word of something and a genre: folktronica, nerdcore, gypsybilly.
_ENDING = re.compile(r"\w{2,}(?:core|wave|gaze|tronica?|step|house|grind|pop|punk|rock|metal|folk|hop|billy|tech)")
_ABOUT_THE_LISTENER = _set("i, my, me, best, favorite, favourite, favorites, favourites, love, not, songs")


def is_genre(name: str) -> bool:
    """Whether a tag names a genre: “Trip-Hop” does, “seen live” does not."""
    plain = _plain(name)
    words = plain.split()
    if plain in NAMES:
        return True
    if not words or len(words) > MAX_WORDS or _ABOUT_THE_LISTENER & set(words):
        return False
    if any(" ".join(words[-n:]) in ROOTS for n in (1, 2, 3)):
        return True
    return _ENDING.fullmatch(words[-1]) is not None or (words[-1] == "music" and is_genre(" ".join(words[:-1])))
