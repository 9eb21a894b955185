"""What employers ask about, in six families.

The words are Rebound's own. Each is mapped to an element of the O*NET content model, so that
figures can be compared with occupational data. O*NET is a trademark of the U.S. Department of
Labor, Employment and Training Administration; its content is used under CC BY 4.0.
"""

from types import MappingProxyType

from app.kit.terms import Term


class CompetencyFamily(Term):
    """A group of competencies."""

    COMMUNICATION = "communication", "Communication", "Kommunikation"
    COLLABORATION = "collaboration", "Working together", "Zusammenarbeit"
    THINKING = "thinking", "Thinking and deciding", "Denken und Entscheiden"
    DELIVERY = "delivery", "Getting things done", "Umsetzung"
    LEADERSHIP = "leadership", "Leading", "Führung"
    CRAFT = "craft", "Craft and tools", "Fachliches und Werkzeuge"


class Competency(Term):
    """What an interview, a feedback or a lesson is about."""

    LISTENING = "listening", "Listening", "Zuhören"
    SPEAKING = "speaking", "Speaking and presenting", "Sprechen und Präsentieren"
    WRITING = "writing", "Writing", "Schreiben"
    READING = "reading", "Understanding documents", "Texte verstehen"
    PERSUASION = "persuasion", "Convincing others", "Überzeugen"
    EMPATHY = "empathy", "Reading people", "Menschen verstehen"
    TEAMWORK = "teamwork", "Teamwork", "Teamarbeit"
    NEGOTIATION = "negotiation", "Negotiating", "Verhandeln"
    CUSTOMER_CARE = "customer_care", "Caring for customers", "Kundenorientierung"
    CRITICAL_THINKING = "critical_thinking", "Critical thinking", "Kritisches Denken"
    PROBLEM_SOLVING = "problem_solving", "Solving complex problems", "Komplexe Probleme lösen"
    DECISIONS = "decisions", "Judgement and decisions", "Urteilen und Entscheiden"
    NUMBERS = "numbers", "Working with numbers", "Umgang mit Zahlen"
    LEARNING_AGILITY = "learning_agility", "Learning new things", "Neues lernen"
    TIME_MANAGEMENT = "time_management", "Managing time", "Zeit einteilen"
    QUALITY_CONTROL = "quality_control", "Quality and care", "Qualität und Sorgfalt"
    MONITORING = "monitoring", "Following up", "Dranbleiben und Nachhalten"
    LEADING_PEOPLE = "leading_people", "Leading people", "Menschen führen"
    COACHING_OTHERS = "coaching_others", "Teaching and coaching", "Anleiten und Coachen"
    PLANNING = "planning", "Analysing systems and planning", "Systeme verstehen und planen"
    PROGRAMMING = "programming", "Programming", "Programmieren"
    DESIGN = "design", "Designing solutions", "Lösungen entwerfen"
    ANALYSIS = "analysis", "Analysing needs", "Anforderungen analysieren"
    DOMAIN_KNOWLEDGE = "domain_knowledge", "Knowledge of the field", "Fachwissen"


FAMILY_OF = MappingProxyType(
    {
        Competency.LISTENING: CompetencyFamily.COMMUNICATION,
        Competency.SPEAKING: CompetencyFamily.COMMUNICATION,
        Competency.WRITING: CompetencyFamily.COMMUNICATION,
        Competency.READING: CompetencyFamily.COMMUNICATION,
        Competency.PERSUASION: CompetencyFamily.COLLABORATION,
        Competency.EMPATHY: CompetencyFamily.COLLABORATION,
        Competency.TEAMWORK: CompetencyFamily.COLLABORATION,
        Competency.NEGOTIATION: CompetencyFamily.COLLABORATION,
        Competency.CUSTOMER_CARE: CompetencyFamily.COLLABORATION,
        Competency.CRITICAL_THINKING: CompetencyFamily.THINKING,
        Competency.PROBLEM_SOLVING: CompetencyFamily.THINKING,
        Competency.DECISIONS: CompetencyFamily.THINKING,
        Competency.NUMBERS: CompetencyFamily.THINKING,
        Competency.LEARNING_AGILITY: CompetencyFamily.THINKING,
        Competency.TIME_MANAGEMENT: CompetencyFamily.DELIVERY,
        Competency.QUALITY_CONTROL: CompetencyFamily.DELIVERY,
        Competency.MONITORING: CompetencyFamily.DELIVERY,
        Competency.LEADING_PEOPLE: CompetencyFamily.LEADERSHIP,
        Competency.COACHING_OTHERS: CompetencyFamily.LEADERSHIP,
        Competency.PLANNING: CompetencyFamily.LEADERSHIP,
        Competency.PROGRAMMING: CompetencyFamily.CRAFT,
        Competency.DESIGN: CompetencyFamily.CRAFT,
        Competency.ANALYSIS: CompetencyFamily.CRAFT,
        Competency.DOMAIN_KNOWLEDGE: CompetencyFamily.CRAFT,
    }
)
ONET_ELEMENT_OF = MappingProxyType(
    {
        Competency.LISTENING: "2.A.1.b",
        Competency.SPEAKING: "2.A.1.d",
        Competency.WRITING: "2.A.1.c",
        Competency.READING: "2.A.1.a",
        Competency.PERSUASION: "2.B.1.c",
        Competency.EMPATHY: "2.B.1.a",
        Competency.TEAMWORK: "2.B.1.b",
        Competency.NEGOTIATION: "2.B.1.d",
        Competency.CUSTOMER_CARE: "2.B.1.f",
        Competency.CRITICAL_THINKING: "2.A.2.a",
        Competency.PROBLEM_SOLVING: "2.B.2.i",
        Competency.DECISIONS: "2.B.4.e",
        Competency.NUMBERS: "2.A.1.e",
        Competency.LEARNING_AGILITY: "2.A.2.b",
        Competency.TIME_MANAGEMENT: "2.B.5.a",
        Competency.QUALITY_CONTROL: "2.B.3.m",
        Competency.MONITORING: "2.A.2.d",
        Competency.LEADING_PEOPLE: "2.B.5.d",
        Competency.COACHING_OTHERS: "2.B.1.e",
        Competency.PLANNING: "2.B.4.g",
        Competency.PROGRAMMING: "2.B.3.e",
        Competency.DESIGN: "2.B.3.b",
        Competency.ANALYSIS: "2.B.3.a",
        Competency.DOMAIN_KNOWLEDGE: "2.C",
    }
)
"""Element ids of the O*NET content model."""
