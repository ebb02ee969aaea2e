import pulumi
import pulumi_cockpit as cockpit

config = pulumi.Config()
# Whether solutions and databases may be replaced or deleted; protected unless said otherwise.
protected = config.get_bool("protected")

petra = cockpit.Solution(
    "petra",
    name="Petra",
    application_id="com.petra.app",
    properties={"tier": "production"},
    deletion_protection=protected,
)
france = cockpit.Database(
    "france",
    name="Petra France",
    solution_id=petra.id,
    deletion_protection=protected,
)

# What the wizard of Cockpit makes, in one component.
clinic = cockpit.OnboardedSolution(
    "clinic",
    solution={"name": "Clinic", "deletion_protection": protected},
    database={"name": "Clinic Belgium", "deletion_protection": protected},
    organisation={
        "name": "Clinic Corp",
        "email": "care@clinic.example",
        "token": {"expires_in": "90d"},
    },
)

looked_up = cockpit.get_database_output(id=france.id)

pulumi.export("databaseId", france.id)
pulumi.export("solutionOfDatabase", looked_up.solution_id)
pulumi.export("organisationId", clinic.variables["PARENT_ORGANISATION_ID"])
