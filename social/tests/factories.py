"""Members for tests."""

from __future__ import annotations

from typing import Any

import factory

from social.models import User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    handle = factory.Sequence(lambda n: f"member{n}")
    display_name = factory.Sequence(lambda n: f"Member {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        """Without a password, as the bot makes members: hashing one takes longer than most tests."""
        return model_class.objects.create_user(**kwargs)
