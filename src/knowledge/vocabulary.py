"""Everyday words: those that say nothing about a subject, and those that mean much the same.

They cover what people ask businesses about, and nothing that is particular to one business: an owner adds
such words in `_synonyms.txt`.
"""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a space-separated list."""
    return frozenset(text.split())


# Words that say nothing about a subject, by language; they also tell the languages apart.
STOP_WORDS = {
    "en": word_set(
        """
    a about actually all also am an and any anybody anyone anything are as at away be because been being
    but by can cannot cant come comes could couldnt currently did didnt do does doesnt doing done dont
    either else ever every exactly for from get gets getting give go goes going gonna got had has have
    havent having he hello help her here hers hi him his how however i if ill im in into is isnt it its
    ive just kind know let lets like little look looking lot made make makes many may maybe me mean
    might more most much must my myself need needed needs no not now of off offer offered offers often
    oh ok okay on one ones only onto or other others our ours out over per please possible provide
    provided quite rather really same say see seem shall she should so some somebody someone something
    sort still such sure take takes taking tell than that thats the their them then there theres these
    they thing things think this those though through to too until up upon us use used uses using very
    want wants was wasnt way we well were what whatever whats when whenever where wheres whether which
    while who whom whos whose why will wish with within would wouldnt yes yet you youd youll your youre
    yours yourself youve happen happens somewhere anywhere possible wondering interested currently keep
    put try find give wont between compare difference differ
    """
    ),
    "de": word_set(
        """
    aber alle als also am an auch auf aus bei beim bin bis bist da damit das dass dein deine dem den der
    des die dies diese dieser du ein eine einem einen einer eines er es etwas euch euer eure fur gibt
    gut habe haben habt hat ich ihr ihre ihren im in ist ja kann kannst konnen konnt koennen man mein
    meine mich mir mit nach nicht noch nur oder ob schon sehr sein seine sich sie sind so um und uns
    unser unsere vom von vor war was wann welche welchen welcher welches wenn wer werde werden wie
    wieviel wir wird wo wohin womit zu zum zur uber
    """
    ),
    "ar": word_set(
        """
        في من على الى عن ما ماذا هل كيف متى اين كم هو هي هذا هذه ذلك التي الذي ان لا نعم انا نحن انت لدي لديكم
        لكم عندكم يمكن يمكنني اريد مع او و يا كل
        """
    ),
}

# Forms whose ending does not tell what they have in common.
IRREGULAR = {
    form: word
    for line in """
        child children
        person people
        tooth teeth
        foot feet
        man men
        woman women
        loaf loaves
        knife knives
        leaf leaves
        buy bought
        pay paid
        send sent
        speak spoke spoken
        sell sold
        break broke broken
        lose lost loss
        choose chose chosen
        begin began begun
        eat ate eaten
        run ran
        leave left
        hold held
        deliver delivery deliveries
        late later latest
        long longer longest
        big bigger biggest
        large larger largest
        small smaller smallest
        old older oldest
        young younger
        early earlier
        high higher
        near nearer nearest
    """.strip().splitlines()
    for word, *forms in [line.split()]
    for form in forms
}

# Words of a line stand for each other, at a reduced weight; what is before `>` stands for the rest, but not
# the other way round. A phrase of several words counts as one. Names with a full stop are kinds of facts.
EVERYDAY = """
    how much, price, prices, pricing, cost, costs, fee, charge, rate, expensive, cheap, .money
    wie viel, wieviel, kosten, kostet, preis, preise, teuer, gebuhr, .money
    opening hours, opening times, business hours, hours, open, opening, what time, close, closed, .time
    when, hours, .time, .date, .duration
    offnungszeiten, geoffnet, offen, wann, geschlossen, .time
    where, where are you, where is it, located, location, address, find us, find you, directions, .address
    wo, adresse, anfahrt, standort
    phone, telephone, call, phone number, .phone
    telefon, anrufen, telefonnummer, .phone
    email, mail, e-mail, email address, .email
    contact, reach you, get in touch, speak with, talk to, .email, .phone
    kontakt, erreichen, .email, .phone
    how long, duration, .duration
    how many, .number
    how old > age, .age
    how far, distance, .measure, .duration
    how tall, how heavy, how much weight, how wide, how deep, .measure
    how big, how large, how high, .measure, .money
    how often, .duration
    book, booking, reserve, reservation, appointment
    appointment, termin
    refund, money back, reimbursement
    pay > card, cash, invoice, bank transfer
    credit card, card, visa, mastercard
    discount, reduction, percent, cheaper, percent off
    weekend > saturday, sunday
    weekday > monday, tuesday, wednesday, thursday, friday
    kid, child, baby, toddler, son, daughter
    start, started, begin, set up, sign up, signing up
    staff, employee, team, people work
    founder, founded, owner, run by
    who owns > owner, founder, founded, run by
    ship, shipping, delivery, post
    parking, park, car park
    year, yearly, annual, annually
    trial, try
    login, log in, sign in, signing in
    tier, plan, package
    app, mobile
    secure, safe, security
    guarantee, warranty
    change, switch
    miss, no-show, not show up
    scared, afraid, fear, nervous, anxious
    fix, repair, mend
    tv, television
    lift, elevator
    luggage, bags
    bathroom, toilet, restroom
    job, hiring, vacancy
""".strip().split("\n")

# Words that say something, but seldom what the answer is about.
LIGHT = word_set(
    """
    accept accepted allow allowed anywhere area arrive ask available begin bring brand buy carry change
    check choose come cover discuss do elsewhere end expect first fit hold include included includes
    install join kind leave later method option detail policy process procedure information service live
    long main mean meet mind nearest new offer old order organize own permitted pick place possible
    prepare pull push receive required run sell send serve set show special stay suit supply support
    take time today treat type visit walk watch welcome work annehmen anbieten bieten erlaubt verkaufen
    mitbringen
    """
)
