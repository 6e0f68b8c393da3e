"""Notes as models write them, right and wrong, and texts that look like notes and are none."""

from __future__ import annotations

IDS = frozenset({"k3f9a1", "p2k8s0"})
SAID = "We open at nine."

# In each, the answer is SAID and nothing else.
NOTES = {
    "as asked for": f"{SAID}\n[[answered k3f9a1 p2k8s0]]",
    "after an empty line": f"{SAID}\n\n[[answered k3f9a1]]\n",
    "omitted": SAID,
    "on the same line": f"{SAID} [[answered k3f9a1]]",
    "before the answer": f"[[answered k3f9a1]]\n{SAID}",
    "before the answer, never closed": f"[[answered k3f9a1 {SAID}",
    "twice": f"{SAID}\n[[answered k3f9a1]]\n[[answered k3f9a1]]",
    "cut off after the id": f"{SAID}\n[[answered k3f9a1",
    "cut off within the id": f"{SAID}\n[[answered k3f",
    "cut off within the verdict": f"{SAID}\n[[ans",
    "cut off within the brackets": f"{SAID}\n[",
    "one bracket missing": f"{SAID}\n[[answered k3f9a1]",
    "one bracket each": f"{SAID}\n[answered k3f9a1]",
    "one bracket at first": f"{SAID}\n[answered k3f9a1]]",
    "no brackets": f"{SAID}\nanswered k3f9a1",
    "no brackets, on the same line": f"{SAID} answered k3f9a1",
    "no brackets and no ids": f"{SAID}\nanswered",
    "no ids": f"{SAID}\n[[answered]]",
    "ids alone": f"{SAID} [[k3f9a1]] [p2k8s0]",
    "an id within the answer": "We open at nine k3f9a1.",
    "translated": f"{SAID}\n[[beantwortet k3f9a1]]",
    "translated into two words": f"{SAID}\n[[teilweise beantwortet]]",
    "translated, one bracket each": f"{SAID}\n[réponse trouvée k3f9a1]",
    "in Arabic, no brackets": f"{SAID}\nأجيب k3f9a1",
    "in capitals": f"{SAID}\n[[ANSWERED K3F9A1]]",
    "in bold": f"{SAID}\n**[[answered k3f9a1]]**",
    "as code": f"{SAID}\n`[[answered k3f9a1]]`",
    "escaped": f"{SAID}\n\\[\\[answered k3f9a1\\]\\]",
    "as a list item": f"{SAID}\n- [[answered k3f9a1]]",
    "below a rule": f"{SAID}\n---\n[[answered k3f9a1]]",
    "as JSON": f'{SAID}\n{{"verdict": "answered",\n "sources": ["k3f9a1", "p2k8s0"]}}',
    "as JSON in a code block": f'{SAID}\n```json\n{{"verdict": "answered", "sources": ["k3f9a1"]}}\n```',
    "as a comment": f"{SAID}\n<!-- answered k3f9a1 -->",
    "as tags": f"{SAID}\n<verdict>answered</verdict><sources>k3f9a1</sources>",
    "as two lines": f"{SAID}\nVerdict: answered\nSources: k3f9a1, p2k8s0",
    "with an id that was not sent": f"{SAID}\n[[answered zz9zz9]]",
    "with commas": f"{SAID}\n[[answered: k3f9a1, p2k8s0]]",
    "with bars": f"{SAID}\n[[answered|k3f9a1]]",
    "in wide brackets": f"{SAID}\n［［answered k3f9a1］］",  # noqa: RUF001
    "in lenticular brackets": f"{SAID}\n【answered k3f9a1】",
    "in parentheses": f"{SAID}\n(answered k3f9a1)",
    "in braces": f"{SAID}\n{{{{answered k3f9a1}}}}",
    "with a space between the brackets": f"{SAID}\n[ [answered k3f9a1] ]",
    "with a line break": f"{SAID}\n[[answered\nk3f9a1]]",
    "with a full stop": f"{SAID}\n[[answered k3f9a1]].",
}

LEGITIMATE = [
    "See [1] and [2], or [our prices](https://example.com/prices).",
    "[Pricing page](https://example.com) and [chat](https://example.com/chat) here.",
    "[[1]](https://example.com) and [[Prices]](https://example.com)",
    "[[1, 2], [3, 4]]",
    "Call us (Monday to Friday, 9 to 5) any time. Chat with us.",
    "It's a **great** plan, _really_, with `code` and <b>bold</b>.",
    "- Phone\n- Chat\n- E-mail",
    "[x] done\n[ ] open",
    "The number is unknown. Unknown numbers happen (unknown).",
    "Sources: our website. Note: chat is open.",
    "A 24-hour line: b2b and h1 and A4 paper, order ab12cd34.",
    'He said "answered" twice, and 1 < 2 > 0.',
    "https://example.com/k3f9a1?x=k3f9a1 and a1@example.com",
    "Paragraph one.\n\nParagraph two.\n",
    " \n Hi  ",
    "Wir haben geöffnet. نعم، نفتح الساعة التاسعة.",
]
