"""The words that people, courses, offerings and graders' comments are made of."""

FIRST_NAMES = (
    "Ada", "Adrian", "Aiko", "Aisha", "Alejandro", "Alice", "Amara", "Amir", "Ana", "Anders", "Andrea", "Anita",
    "Anton", "Arjun", "Astrid", "Beatriz", "Benjamin", "Bianca", "Björn", "Bruno", "Camila", "Carlos", "Carmen",
    "Chiara", "Chinedu", "Clara", "Daniel", "David", "Deepa", "Diego", "Dmitri", "Elena", "Elias", "Emeka", "Emma",
    "Erik", "Esther", "Fatima", "Felix", "Fiona", "Florian", "Freya", "Gabriel", "Giulia", "Grace", "Hana", "Hannah",
    "Hassan", "Helena", "Hiroshi", "Hugo", "Ibrahim", "Ines", "Ingrid", "Isaac", "Isabel", "Ivan", "Jamal", "James",
    "Jana", "Javier", "Jin", "Johanna", "Jonas", "José", "Julia", "Kamala", "Karim", "Kateryna", "Keiko", "Kofi",
    "Lars", "Laura", "Leila", "Leon", "Lina", "Linh", "Louise", "Luca", "Lucía", "Magnus", "Malik", "Marek", "Maria",
    "Marta", "Mateo", "Maya", "Mei", "Mia", "Miguel", "Mira", "Mohammed", "Nadia", "Naomi", "Nia", "Nikolai", "Nina",
    "Noah", "Noor", "Oksana", "Olga", "Oliver", "Omar", "Oscar", "Paolo", "Paula", "Pedro", "Petra", "Priya", "Rafael",
    "Rania", "Ravi", "Renée", "Rosa", "Ruth", "Samir", "Samuel", "Sara", "Selin", "Simone", "Sofia", "Sven", "Tariq",
    "Teresa", "Thandiwe", "Thomas", "Tomás", "Uma", "Valeria", "Victor", "Wei", "Yara", "Yusuf", "Zainab", "Zoë",
)  # fmt: skip

LAST_NAMES = (
    "Abdullah", "Abebe", "Adeyemi", "Aguilar", "Ahmed", "Almeida", "Álvarez", "Andersen", "Appiah", "Bakker",
    "Barbosa", "Bauer", "Becker", "Bennett", "Berg", "Bianchi", "Boateng", "Bondarenko", "Brown", "Carter", "Castillo",
    "Chatterjee", "Chen", "Costa", "Cruz", "Dang", "Demir", "Desai", "Diallo", "Dubois", "Edwards", "Eriksson", "Evans",
    "Farouk", "Fernández", "Ferrari", "Fischer", "Fletcher", "Fofanah", "Fontaine", "Foster", "Fujimoto", "García",
    "Ghosh", "Gonzalez", "Greco", "Gupta", "Gutiérrez", "Haddad", "Hansen", "Harris", "Hassan", "Hernandez", "Hoang",
    "Hoffmann", "Horvat", "Hughes", "Ito", "Ivanova", "Jansen", "Jensen", "Johansson", "Jones", "Kamau", "Kaplan",
    "Kaya", "Keller", "Khalil", "Khan", "Kim", "Kowalski", "Kumar", "Larsen", "Lee", "Lefebvre", "Lehmann", "Lindholm",
    "Lopez", "Mahmoud", "Marin", "Martins", "Mazur", "Mbeki", "Meyer", "Mitchell", "Moreau", "Morgan", "Mwangi",
    "Nakamura", "Nair", "Ndiaye", "Nguyen", "Nikolaidis", "Novak", "Nowak", "O'Brien", "Ochieng", "Okafor", "Okonkwo",
    "Oliveira", "Olsen", "Osei", "Owusu", "Park", "Patel", "Perez", "Petrov", "Pham", "Pinto", "Popescu", "Qureshi",
    "Rahman", "Ramírez", "Rao", "Reyes", "Ricci", "Roberts", "Romano", "Rossi", "Roy", "Sánchez", "Santos", "Sato",
    "Schmidt", "Schneider", "Sharma", "Shevchenko", "Silva", "Singh", "Smith", "Suzuki", "Tanaka", "Taylor", "Tran",
    "Turner", "Vargas", "Vasquez", "Virtanen", "Vogel", "Walker", "Wang", "Weber", "Williams", "Yamamoto", "Yilmaz",
    "Zhang", "Zimmermann",
)  # fmt: skip

SUBJECTS = (
    "Workplace Safety", "Fire Safety", "First Aid", "Data Protection", "Information Security", "Anti-Bribery",
    "Conflict Management", "Project Management", "Customer Service", "Public Speaking", "Business Writing",
    "Financial Accounting", "Payroll", "Contract Law", "Employment Law", "Food Hygiene", "Forklift Operation",
    "Electrical Safety", "Chemical Handling", "Environmental Compliance", "Quality Auditing", "Lean Production",
    "Spreadsheet Modelling", "Statistics", "Database Design", "Software Testing", "Network Administration",
    "Cloud Operations", "Accessibility", "Inclusive Hiring", "Team Leadership", "Change Management", "Negotiation",
    "Procurement", "Supply Chain Planning", "Patient Privacy", "Infection Control", "Medication Safety",
    "Emergency Response", "Ergonomics",
)  # fmt: skip

COURSE_FORMS = (
    "Essentials", "Fundamentals", "in Practice", "Refresher", "for Managers", "for New Employees", "Certification",
    "Advanced Course", "Workshop", "Masterclass", "Case Studies", "Train the Trainer", "Annual Update",
)  # fmt: skip

PASSED_COMMENTS = (
    "Well done, clear and complete.",
    "Solid work throughout; the final exercise stood out.",
    "Passed after the oral exam.",
    "Good understanding. Please review chapter 4 once more.",
    "Late submission accepted, see the agreement with HR.",
)

FAILED_COMMENTS = (
    "The practical part is missing.",
    "Several safety-critical answers were wrong; please take the course again.",
    "Did not attend the final session.",
    "Close to passing. A retake is recommended.",
)
