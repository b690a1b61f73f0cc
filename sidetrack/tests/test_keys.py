"""Fresh secrets: made once, never overwritten, readable by their owner alone."""

import stat

from cryptography.fernet import Fernet

from sidetrack import keys


def read(path) -> dict[str, str]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "=" in line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_a_new_file_holds_what_is_needed_to_run(tmp_path):
    path = tmp_path / ".env"
    assert keys.add_missing(path, {}) == ["SECRET_KEY", "FIELD_KEYS"]
    made = read(path)
    assert len(made["SECRET_KEY"]) >= 50
    assert Fernet(made["FIELD_KEYS"]).decrypt(Fernet(made["FIELD_KEYS"]).encrypt(b"x")) == b"x"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_overwritten(tmp_path):
    path = tmp_path / ".env"
    path.write_text("SITE_URL=http://here\nexport SECRET_KEY=mine", encoding="utf-8")
    assert keys.add_missing(path, {}) == ["FIELD_KEYS"]
    first = path.read_text(encoding="utf-8")
    assert first.startswith("SITE_URL=http://here\nexport SECRET_KEY=mine\nFIELD_KEYS=")
    assert keys.add_missing(path, {}) == []
    assert path.read_text(encoding="utf-8") == first


def test_empty_and_commented_values_do_not_count(tmp_path):
    path = tmp_path / ".env"
    path.write_text("# SECRET_KEY=example\nFIELD_KEYS=\n", encoding="utf-8")
    assert keys.add_missing(path, {}) == ["SECRET_KEY", "FIELD_KEYS"]


def test_what_the_environment_or_a_secret_file_gives_is_not_made(tmp_path):
    path = tmp_path / ".env"
    assert keys.add_missing(path, {"SECRET_KEY": "x", "FIELD_KEYS_FILE": "/run/secrets/keys"}) == []
    assert not path.exists()


def test_printing_makes_new_ones_each_time(capsys):
    keys.main([])
    first = capsys.readouterr().out
    keys.main([])
    assert capsys.readouterr().out != first
    assert [line.partition("=")[0] for line in first.splitlines()] == list(keys.MAKERS)
