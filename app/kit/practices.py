"""The fifteen practices: three in each of the five stages of recovery."""

from app.kit.terms import Term


class Practice(Term):
    """What a step or a lesson trains, in the order of the stages."""

    GIVE_TIME = "A1", "Give yourself time", "Nimm dir Zeit"
    NOT_DWELL = "A2", "Don't dwell on it", "Nicht darin kreisen"
    LEARN = "A3", "Learn from it", "Daraus lernen"
    GRATITUDE = "B1", "Show gratitude", "Dank zeigen"
    OPEN_MIND = "B2", "Keep an open mind", "Offen bleiben"
    SPECIFIC_QUESTIONS = "B3", "Ask specific questions", "Gezielt fragen"
    EVALUATE = "C1", "Evaluate your performance", "Den eigenen Auftritt einschätzen"
    SKILL_GAPS = "C2", "Find skill gaps", "Lücken erkennen"
    CULTURE_FIT = "C3", "Consider the culture fit", "Passung zur Kultur prüfen"
    THANK = "D1", "Send a thank-you note", "Dank schicken"
    CONNECT = "D2", "Connect", "Vernetzen"
    STAY_ENGAGED = "D3", "Stay engaged", "In Kontakt bleiben"
    PERSIST = "E1", "Keep going", "Dranbleiben"
    PREPARE = "E2", "Learn from each interview", "Aus jedem Gespräch lernen"
    NETWORK = "E3", "Expand your network", "Das Netzwerk erweitern"
