package main

import (
	"github.com/pulumi-cockpit/pulumi-cockpit/sdk/go/cockpit"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		// Whether solutions and databases may be replaced or deleted; protected unless said otherwise.
		var protected pulumi.BoolPtrInput
		if value, err := config.New(ctx, "").TryBool("protected"); err == nil {
			protected = pulumi.Bool(value)
		}

		petra, err := cockpit.NewSolution(ctx, "petra", &cockpit.SolutionArgs{
			Name:               pulumi.String("Petra"),
			ApplicationId:      pulumi.String("com.petra.app"),
			Properties:         pulumi.Map{"tier": pulumi.String("production")},
			DeletionProtection: protected,
		})
		if err != nil {
			return err
		}
		france, err := cockpit.NewDatabase(ctx, "france", &cockpit.DatabaseArgs{
			Name:               pulumi.String("Petra France"),
			SolutionId:         petra.ID(),
			DeletionProtection: protected,
		})
		if err != nil {
			return err
		}

		// What the wizard of Cockpit makes, in one component.
		clinic, err := cockpit.NewOnboardedSolution(ctx, "clinic", &cockpit.OnboardedSolutionArgs{
			Solution: &cockpit.OnboardedSolutionSolutionArgs{
				Name:               pulumi.String("Clinic"),
				DeletionProtection: protected,
			},
			Database: &cockpit.OnboardedSolutionDatabaseArgs{
				Name:               pulumi.String("Clinic Belgium"),
				DeletionProtection: protected,
			},
			Organisation: &cockpit.OnboardedSolutionOrganisationArgs{
				Name:  pulumi.String("Clinic Corp"),
				Email: pulumi.String("care@clinic.example"),
				Token: &cockpit.OnboardedSolutionOrganisationTokenArgs{ExpiresIn: pulumi.String("90d")},
			},
		})
		if err != nil {
			return err
		}

		lookedUp := cockpit.LookupDatabaseOutput(ctx, cockpit.LookupDatabaseOutputArgs{Id: france.ID()})

		ctx.Export("databaseId", france.ID())
		ctx.Export("solutionOfDatabase", lookedUp.SolutionId())
		ctx.Export("organisationId", clinic.Variables.MapIndex(pulumi.String("PARENT_ORGANISATION_ID")))
		return nil
	})
}
