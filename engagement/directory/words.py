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

# Words that mean the same to people who search: name of the group, code of the need it speaks of or "", its phrases.
# A phrase is compared without small words, so none may mean something else without them ("out of school").
SYNONYMS = (
    (
        "Not going to school",
        "school-attendance",
        """
        my child won't go to school | child won't go to school | won't go to school | school refusal | school
        refuser | school avoidance | emotionally based school avoidance | ebsa | ebsna | truancy | truant |
        bunking off | missing school | persistent absence | attendance | school phobia | excluded from school |
        school exclusion | exclusion | children missing education | can't face school
        """,
    ),
    (
        "Children's mental health",
        "counselling",
        """
        camhs | child and adolescent mental health | child and adolescent mental health services | cypmhs |
        children's mental health | young people's mental health | mental health | emotional wellbeing | wellbeing
        | mental health support team | mhst
        """,
    ),
    (
        "Counselling",
        "counselling",
        """
        counselling | counsellor | therapy | therapist | talking therapy | talking therapies | psychotherapy |
        play therapy | cbt | someone to talk to | somebody to talk to
        """,
    ),
    (
        "Domestic abuse",
        "domestic-abuse",
        """
        domestic abuse | domestic violence | dv | da | dva | vawg | violence against women and girls | ipv |
        intimate partner violence | abusive relationship | abusive partner | violent partner | coercive control |
        refuge | partner hits me | idva | clare's law | honour based abuse | forced marriage
        """,
    ),
    (
        "Health visiting",
        "health-visiting",
        """
        health visitor | health visiting | hv | new baby | newborn | baby clinic | breastfeeding | breast feeding
        | infant feeding | breastfeeding support | baby weighing | weaning | postnatal | antenatal | midwife |
        healthy child programme
        """,
    ),
    (
        "Special needs",
        "send",
        """
        send | sen | special needs | special educational needs | ehcp | ehc plan | education health and care plan
        | sendiass | disabled child | learning disability | learning difficulty | short breaks | respite | senco |
        portage
        """,
    ),
    (
        "Autism and ADHD",
        "autism-and-adhd",
        """
        autism | autistic | asd | asperger's | aspergers | adhd | neurodivergent | neurodiverse | neurodiversity |
        neurodevelopmental | autism assessment | waiting for a diagnosis | can't sit still | sensory
        """,
    ),
    (
        "Speech and language",
        "speech-and-language",
        """
        speech and language | salt | slt | speech therapy | speech delay | late talker | stammer | stutter |
        language delay | selective mutism
        """,
    ),
    (
        "Anxiety",
        "anxiety-and-worry",
        """
        anxiety | anxious | worry | worried child | worries | panic | panic attacks | nerves | ocd | phobia |
        stress | stressed
        """,
    ),
    ("Low mood", "low-mood", "low mood | depression | depressed | sad | sadness | hopeless | unhappy"),
    (
        "Self-harm",
        "self-harm",
        """
        self harm | self harming | selfharm | suicide | suicidal | suicidal thoughts | wants to die | overdose |
        hurting themselves
        """,
    ),
    (
        "Trauma",
        "trauma",
        """
        trauma | ptsd | aces | adverse childhood experiences | childhood adversity | flashbacks | abuse recovery
        """,
    ),
    (
        "Bereavement",
        "bereavement",
        """
        bereavement | bereaved | grief | grieving | mum died | dad died | parent died | death in the family
        """,
    ),
    (
        "Sexual abuse",
        "sexual-abuse",
        """
        sexual abuse | csa | sexual assault | rape | sexual violence | sarc | isva | harmful sexual behaviour |
        hsb | sexual harm
        """,
    ),
    (
        "Exploitation and gangs",
        "exploitation",
        """
        exploitation | cse | cce | child sexual exploitation | child criminal exploitation | county lines | gangs
        | gang | knife crime | knives | serious youth violence | syv | contextual safeguarding | grooming |
        groomed | trafficking | modern slavery | missing from home | radicalisation | youth offending | youth
        justice | yot | yjs
        """,
    ),
    (
        "Behaviour",
        "behaviour",
        """
        behaviour | challenging behaviour | anger | anger management | angry | aggression | aggressive | tantrums
        | child hits me | cpv | child to parent violence | apva
        """,
    ),
    (
        "Parenting",
        "parenting",
        """
        parenting | parenting course | parenting class | parenting classes | parenting programme | parent group |
        parents group | triple p | incredible years | strengthening families | stay and play | dads | fathers |
        single parent | lone parent | toddler group
        """,
    ),
    (
        "Young carers",
        "young-carers",
        """
        young carer | young carers | looks after mum | caring for a parent | child carer | sibling carer
        """,
    ),
    (
        "Drugs and alcohol",
        "drugs-and-alcohol",
        """
        drugs and alcohol | drugs | alcohol | substance misuse | substance use | drug use | weed | cannabis |
        drinking | addiction | addicted | vaping | parental substance misuse | hidden harm | spice | ketamine
        """,
    ),
    (
        "Housing",
        "housing",
        """
        housing | homeless | homelessness | eviction | evicted | temporary accommodation | overcrowding |
        overcrowded | mould | damp | rent arrears | sofa surfing | hostel | nowhere to live | social housing |
        council flat
        """,
    ),
    (
        "Money and food",
        "money",
        """
        money | debt | debts | benefits | universal credit | food bank | foodbank | food parcel | poverty | cost
        of living | hardship fund | grants | school uniform | baby clothes | baby bank | energy bills | fuel
        poverty | pip | dla | nappies
        """,
    ),
    (
        "No recourse to public funds",
        "immigration",
        """
        no recourse to public funds | nrpf | no recourse | asylum | asylum seeker | asylum seekers | refugee |
        refugees | immigration | uasc | unaccompanied | leave to remain | home office | visa | undocumented
        """,
    ),
    (
        "Family conflict",
        "family-conflict",
        """
        family conflict | arguments | arguing | divorce | separation | separating | mediation | family mediation |
        contact centre | parental conflict | reducing parental conflict | rpc | family breakdown | family therapy
        """,
    ),
    (
        "LGBTQ+",
        "lgbtq",
        """
        lgbtq | lgbt | lgbtqia | gay | lesbian | bisexual | trans | transgender | non binary | nonbinary | gender
        identity | questioning | sexuality
        """,
    ),
    (
        "Youth clubs",
        "youth-clubs",
        """
        youth club | youth clubs | youth centre | youth hub | youth work | after school club | activities |
        adventure playground | detached youth work
        """,
    ),
    (
        "School holidays",
        "",
        """
        holiday club | holiday clubs | holiday activities | holiday scheme | school holidays | half term | haf |
        holiday activities and food | play scheme | playscheme
        """,
    ),
    (
        "Mentoring and jobs",
        "mentoring",
        """
        mentoring | mentor | role model | neet | apprenticeship | apprenticeships | jobs | employment | careers |
        work experience | volunteering | job centre
        """,
    ),
    (
        "Physical health",
        "physical-health",
        """
        physical health | sexual health | contraception | sti | teenage pregnancy | pregnant teenager | school
        nurse | school nursing | obesity | overweight | healthy weight | asthma | dentist | bedwetting | enuresis
        | continence | sleep | won't sleep | immunisation
        """,
    ),
    (
        "Eating difficulties",
        "eating",
        """
        eating disorder | eating disorders | eating difficulties | anorexia | anorexic | bulimia | binge eating |
        arfid | won't eat | fussy eating | fussy eater | body image
        """,
    ),
    ("Learning difficulties at school", "", "dyslexia | dyslexic | dyspraxia | dyscalculia"),
    ("Bullying", "", "bullying | bullied | cyberbullying | cyber bullying"),
    (
        "Early help",
        "",
        """
        early help | early intervention | family support | family support worker | targeted early help | eha | caf
        | team around the family
        """,
    ),
    (
        "Online safety",
        "",
        """
        online safety | internet safety | e safety | esafety | social media | sexting | gaming
        """,
    ),
    (
        "Interpreters",
        "",
        """
        interpreter | interpreters | translator | translation | esol | english classes | learn english
        """,
    ),
    (
        "Care experienced",
        "",
        """
        care leaver | care leavers | care experienced | looked after child | looked after children | lac | cla |
        children in care | foster care | fostering | kinship | kinship care | special guardian | special
        guardianship | sgo
        """,
    ),
    (
        "Prison",
        "",
        """
        prison | prisoner | dad in prison | parent in prison | families of prisoners | imprisonment
        """,
    ),
    ("Family hubs", "", "family hubs | children's centres"),
)
