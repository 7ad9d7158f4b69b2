"""Names that clauses share: each of ours is given once, and an organisation may put its own in the place of ours."""

from __future__ import annotations

import pytest

from bedrock_audit.errors import ConfigurationError
from bedrock_audit.located import located
from bedrock_audit.policy.clause import Lexicon
from bedrock_audit.policy.compiling import ReadLexicon, Shared


def a_lexicon(name, *, is_ours):
    (document,) = located("words: {reynard: [fox]}\nsignals: {den: {phrases: [burrow]}}\n", name)
    return ReadLexicon(lexicon=document.converted(Lexicon), located=document, is_ours=is_ours)


def test_two_of_our_files_do_not_give_the_same_name():
    with pytest.raises(ConfigurationError, match=r"later\.yaml:1.*'reynard' is the name of another file's"):
        Shared([a_lexicon("first.yaml", is_ours=True), a_lexicon("later.yaml", is_ours=True)])


def test_an_organisation_may_replace_ours():
    Shared([a_lexicon("ours.yaml", is_ours=True), a_lexicon("own.yaml", is_ours=False)])
