"""The knowledge of two more invented businesses: the offline responder must not be tailored to one."""

from __future__ import annotations

BAKERY = {
    "1-bakery.md": """\
# Ovenbird Bakery

We bake bread and cakes in a wood oven in Lisbon, every day but Monday.

## Our breads

| Bread | Price | Weight |
|-|-|-|
| Rye | €4.20 | 750 g |
| Spelt | €5.60 | 800 g |
| White country loaf | €3.10 | 1 kg |

## Cakes

Cakes are made to order, two days ahead.

- **Almond cake:** 24 euros, without gluten.
- **Carrot cake:** 28 euros, with walnuts.

## Opening hours

Tuesday to Saturday we are open from 7:30 to 19:00, on Sunday until 13:00. On Monday the oven rests.

## Allergies

All breads contain gluten, and the kitchen handles nuts. Ask us before you order if you have an allergy.

## Delivery

We deliver within Lisbon for 3 euros, and free above 40 euros.
""",
}

LAW_FIRM = {
    "a.md": """\
Marisco and Daughters are lawyers in Halifax for tenants, workers and families.

# Areas of law

## Tenancy
We help tenants with evictions, repairs and deposits. The landlord's costs are often part of a settlement.

## Employment
We advise on dismissal, wages and discrimination. Claims for dismissal have a deadline of three weeks.

## Family
We accompany separations, custody and adoption.

# Fees
The first consultation is free and takes thirty minutes. After that we charge 180 pounds an hour.

# Appointments
Call 01422 496 0118 or write to desk@marisco.example. We also meet by video.
""",
}
