"""Services in a state of their own: two that look like one, and those that are gone."""

from ..plans import ARTS, CITY, FAITH, HACKNEY, HOMES, SCHOOL, Plan, entry, place

# Two that look like one, for the page of duplicates
ALIKE = (
    Plan(
        ARTS,
        entry(
            "Childrens Art Club",
            "Painting and clay after school.",
            "For children in the City.",
            ages=(6, 11),
            cost="paid",
            terms=("youth-clubs", "children"),
            areas=(CITY,),
            phone="020 7946 0261",
            places=(place("Studio Two", "2 Silk Street", "EC2Y 5DE"),),
        ),
        verified=(90,),
    ),
    Plan(
        SCHOOL,
        entry(
            "Children’s Art Club",
            "Painting and clay after school, in the City.",
            "Every Tuesday.",
            ages=(6, 11),
            terms=("youth-clubs", "children"),
            areas=(CITY,),
            phone="020 7946 0261",
            places=(place("Studio Two", "2 Silk Street", "EC2Y 5DE"),),
        ),
        verified=(30,),
    ),
)

# Gone: one taken from the public, and two that were made one
WITHDRAWN = Plan(
    FAITH,
    entry("Lunch for Toddlers", "Lunch and play.", "It closed when the hall did.", ages=(1, 4), terms=("parenting",)),
    made=420,
    verified=(300,),
)
MERGED = Plan(
    HOMES,
    entry("Debt Helpline", "Help with debt.", "By phone.", terms=("money",), areas=(HACKNEY,)),
    made=350,
    verified=(260,),
)
