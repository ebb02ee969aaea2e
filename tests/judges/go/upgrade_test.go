package judges

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/providertest"
	"github.com/pulumi/providertest/optproviderupgrade"
	"github.com/pulumi/providertest/providers"
	"github.com/pulumi/providertest/pulumitest"
	"github.com/pulumi/providertest/pulumitest/assertpreview"
	"github.com/pulumi/providertest/pulumitest/opttest"
	"github.com/stretchr/testify/require"
)

// A stack that an earlier version has made is previewed with this one. Its state is recorded in testdata/recorded; without a
// record this version makes one.
func TestUpgrades(t *testing.T) {
	_, port, _ := strings.Cut(os.Getenv("COCKPIT_PROVIDER"), ":")
	number, err := strconv.Atoi(port)
	require.NoError(t, err, "COCKPIT_PROVIDER does not say where the provider listens: use npm run judges")
	attach := opttest.AttachProvider("cockpit", func(context.Context, providers.PulumiTest) (providers.Port, error) {
		return providers.Port(number), nil
	})
	for _, version := range []string{"0.1.0"} {
		t.Run(version, func(t *testing.T) {
			program := pulumitest.NewPulumiTest(t, "testdata/petra", attach, opttest.SkipInstall(), opttest.StackName("test"))
			preview := providertest.PreviewProviderUpgrade(t, program, "cockpit", version,
				optproviderupgrade.BaselineOpts(attach),
				optproviderupgrade.CacheDir("testdata", "recorded", optproviderupgrade.BaselineVersion))
			assertpreview.HasNoChanges(t, preview)
		})
	}
}
