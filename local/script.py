"""What visitors and the agent say in the screenshots, by language."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Script:
    """A question with its answer, and a question that follows."""

    question: str
    answer: str
    follow_up: str


SCRIPTS = {
    "en": Script(
        "What's your pricing?",
        "We have three plans: Starter at 19 dollars a month, Growth at 49 and Scale at 129. Every plan has "
        "unlimited customers, and we take no commission on your bookings. What each of them includes is on "
        "[our page about prices](https://thistledesk.example/pricing).",
        "What about the middle one?",
    ),
    "de": Script(
        "Was kostet das?",
        "Es gibt drei Tarife: Starter für 19, Growth für 49 und Scale für 129 Dollar im Monat. In jedem "
        "Tarif ist die Zahl der Kunden unbegrenzt, und wir nehmen keine Provision. Was jeder enthält, steht "
        "auf [der Seite mit den Preisen](https://thistledesk.example/pricing).",
        "Und der mittlere?",
    ),
    "ar": Script(
        "كم الأسعار؟",
        "لدينا ثلاث باقات: Starter بسعر 19 دولارًا شهريًا، وGrowth بسعر 49، وScale بسعر 129. عدد العملاء غير "
        "محدود في كل باقة، ولا نأخذ عمولة على الحجوزات. تجد ما تتضمنه كل باقة في "
        "[صفحة الأسعار](https://thistledesk.example/pricing).",
        "وماذا عن الباقة الوسطى؟",
    ),
}
