"""The lists a new directory starts with: boroughs, needs, groups of people, ways of working, access."""

# ONS code, name, place in lists
AREAS = (
    ("E09000012", "Hackney", 1),
    ("E09000001", "City of London", 2),
    ("E09000019", "Islington", 10),
    ("E09000030", "Tower Hamlets", 11),
    ("E09000014", "Haringey", 12),
    ("E09000031", "Waltham Forest", 13),
    ("E09000025", "Newham", 14),
)

# by code: name and description
TAXONOMIES = {
    "need": ("Needs", "What a child, a parent or a family needs help with."),
    "group": ("Groups of people", "For whom a service was made."),
    "mode": ("Ways of working", "How a service meets people."),
    "access": ("Access", "What a place has for people who need it."),
}

# by taxonomy: code, name in plain words, description
TERMS = {
    "need": (
        (
            "anxiety-and-worry",
            "Anxiety and worry",
            "Fear, panic, worry or nerves that get in the way of everyday life.",
        ),
        ("low-mood", "Low mood and depression", "Feeling down, hopeless or without energy for weeks."),
        ("self-harm", "Self-harm and suicidal thoughts", "Hurting oneself, or thinking about ending one's life."),
        ("counselling", "Counselling and therapy", "Talking with somebody trained, alone or in a group."),
        ("trauma", "Trauma and childhood adversity", "After frightening or harmful things, once or over years."),
        ("bereavement", "Bereavement and loss", "After somebody died or went away."),
        ("domestic-abuse", "Domestic abuse", "Abuse by a partner, a former partner or somebody of the family."),
        ("sexual-abuse", "Sexual abuse and violence", "After sexual abuse or violence, lately or long ago."),
        (
            "exploitation",
            "Exploitation and gangs",
            "Being used by others for crime, sex or money, and serious youth violence.",
        ),
        ("school-attendance", "School attendance", "Finding it hard to go to school, or to stay there."),
        ("behaviour", "Behaviour", "Behaviour at home, at school or outside that others find hard."),
        ("autism-and-adhd", "Autism and ADHD", "Autism, attention, and waiting for or living with a diagnosis."),
        (
            "send",
            "Special educational needs and disability",
            "Learning difficulties, disability, and plans for support.",
        ),
        ("speech-and-language", "Speech and language", "Talking, understanding and being understood."),
        ("health-visiting", "Babies and health visiting", "Pregnancy, birth, feeding, sleep and the first five years."),
        ("parenting", "Parenting", "Courses, groups and advice for mothers, fathers and carers."),
        ("young-carers", "Young carers", "Children who look after somebody at home."),
        ("drugs-and-alcohol", "Drugs and alcohol", "One's own use, or somebody else's in the family."),
        ("housing", "Housing and homelessness", "A place to live, eviction, overcrowding, temporary housing."),
        ("money", "Money, food and benefits", "Debt, benefits, food, clothes and energy."),
        ("family-conflict", "Family conflict and separation", "Arguments, separation, contact and mediation."),
        ("lgbtq", "LGBTQ+", "Sexuality and gender, for young people and their families."),
        ("immigration", "Immigration and asylum", "Papers, asylum, and life without access to public funds."),
        ("youth-clubs", "Youth clubs and activities", "Somewhere to go: sport, arts, clubs and holiday activities."),
        ("mentoring", "Mentoring and jobs", "Somebody to look up to, training, work and volunteering."),
        ("physical-health", "Physical health", "Health of the body, sexual health, sleep, eating and weight."),
        ("eating", "Eating difficulties", "Eating too little, too much, or with fear."),
    ),
    "group": (
        ("children", "Children", "Children up to 12."),
        ("young-people", "Young people", "From 11 to 25."),
        ("parents", "Parents and carers", "Mothers, fathers and others who bring up a child."),
        ("families", "Whole families", "Everybody in a family together."),
        ("women-and-girls", "Women and girls", "For women and girls only."),
        ("boys-and-young-men", "Boys and young men", "For boys and young men only."),
        ("care-experienced", "Care experienced", "In care, or having left it."),
        ("professionals", "Professionals", "Advice and training for people at work."),
    ),
    "mode": (
        ("in-person", "In person", "At a place people go to."),
        ("online", "Online", "By video, chat or website."),
        ("by-phone", "By phone", "By phone or text message."),
        ("home-visits", "Home visits", "Where the family lives."),
        ("in-schools", "In schools", "In the child's school or college."),
        ("in-groups", "In groups", "Together with others."),
    ),
    "access": (
        ("step-free", "Step-free entrance", "No steps from the street to where people are seen."),
        ("accessible-toilet", "Accessible toilet", "A toilet somebody in a wheelchair can use."),
        ("hearing-loop", "Hearing loop", "A loop for hearing aids."),
        ("bsl", "British Sign Language", "Somebody who signs, or an interpreter on request."),
        ("quiet-space", "Quiet space", "A calm room for people who find noise or light hard."),
        ("pushchairs", "Room for pushchairs", "Pushchairs may come in and stay."),
    ),
}
