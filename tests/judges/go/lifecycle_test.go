// Package judges holds the plugin against what others wrote for providers in Go: the engine's own client, whose contract
// assertions run on every call, the life cycle test of pulumi-go-provider, and the replay of providertest.
// `npm run judges` starts what it needs and runs it.
package judges

import (
	"fmt"
	"os"
	"testing"

	"github.com/blang/semver"
	"github.com/pulumi/providertest/replay"
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/integration"
	"github.com/pulumi/pulumi-go-provider/middleware/rpc"
	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func server(t *testing.T) pulumirpc.ResourceProviderServer {
	t.Helper()
	address := os.Getenv("COCKPIT_PROVIDER")
	if address == "" {
		t.Fatal("COCKPIT_PROVIDER does not say where the provider listens: use npm run judges")
	}
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() })
	provider := plugin.NewProviderWithClient(nil, pulumirpc.NewResourceProviderClient(connection), false)
	name, kind := "judge", tokens.Type("pulumi:providers:cockpit")
	urn, id := resource.NewURN("test", "judges", "", kind, name), resource.ID("judge")
	_, err = provider.Configure(t.Context(), plugin.ConfigureRequest{URN: &urn, Name: &name, Type: &kind, ID: &id})
	require.NoError(t, err)
	return plugin.NewProviderServer(provider)
}

func configured(t *testing.T) integration.Server {
	t.Helper()
	cockpit, err := integration.NewServer(t.Context(), "cockpit", semver.MustParse("0.1.0"),
		integration.WithProvider(rpc.Provider(server(t))))
	require.NoError(t, err)
	return cockpit
}

func inputs(values map[string]property.Value) property.Map { return property.NewMap(values) }

func text(value string) property.Value { return property.New(value) }

func TestLifeCycles(t *testing.T) {
	solution := "judged-" + fmt.Sprint(os.Getpid())
	unprotected := property.New(false)
	for _, test := range []struct {
		name  string
		cycle integration.LifeCycleTest
	}{
		{"a solution is made, renamed, replaced and deleted", integration.LifeCycleTest{
			Resource: "cockpit:index:Solution",
			Create: integration.Operation{
				Inputs: inputs(map[string]property.Value{"name": text(solution), "deletionProtection": unprotected}),
				Hook: func(_, output property.Map) {
					require.NotEmpty(t, output.Get("environmentId").AsString())
				},
			},
			Updates: []integration.Operation{
				{Inputs: inputs(map[string]property.Value{
					"name": text(solution + "-renamed"), "deletionProtection": unprotected,
					"properties": property.New(map[string]property.Value{"tier": text("test")}),
				})},
				{
					Inputs: inputs(map[string]property.Value{
						"name": text(solution + "-replaced"), "deletionProtection": unprotected,
						"cluster": text("europe-north-01"),
					}),
					Hook: func(_, output property.Map) {
						require.Equal(t, "europe-north-01", output.Get("cluster").AsString())
					},
				},
			},
		}},
		{"a wrong input is a failure of the check", integration.LifeCycleTest{
			Resource: "cockpit:index:Database",
			Create: integration.Operation{
				Inputs:        inputs(map[string]property.Value{"name": text("x"), "solutionId": text("ic-x"), "shards": text("three")}),
				CheckFailures: []p.CheckFailure{{Property: "shards", Reason: "must be a whole number [cockpit:wrong-type]"}},
			},
		}},
		{"a transfer token is issued, issued again for another description, and forgotten", integration.LifeCycleTest{
			Resource: "cockpit:index:TransferToken",
			Create: integration.Operation{
				Inputs: inputs(map[string]property.Value{"description": text("judge"), "expiresIn": text("1h")}),
				Hook: func(_, output property.Map) {
					require.True(t, output.Get("token").Secret(), "the token is not a secret")
				},
			},
			Updates: []integration.Operation{
				{Inputs: inputs(map[string]property.Value{"description": text("another judge"), "expiresIn": text("1h")})},
			},
		}},
	} {
		t.Run(test.name, func(t *testing.T) { test.cycle.Run(t, configured(t)) })
	}
}

func TestProtectionHolds(t *testing.T) {
	cockpit := configured(t)
	urn := resource.NewURN("test", "judges", "", tokens.Type("cockpit:index:Solution"), "protected")
	checked, err := cockpit.Check(p.CheckRequest{Urn: urn, Inputs: inputs(map[string]property.Value{
		"name": text("protected-" + fmt.Sprint(os.Getpid())),
	})})
	require.NoError(t, err)
	require.Empty(t, checked.Failures)
	created, err := cockpit.Create(p.CreateRequest{Urn: urn, Properties: checked.Inputs})
	require.NoError(t, err)
	// In a run of its own: what a run declares, it never deletes.
	cockpit = configured(t)
	err = cockpit.Delete(p.DeleteRequest{Urn: urn, ID: created.ID, Properties: created.Properties})
	require.ErrorContains(t, err, "protected")
	// What `pulumi do … delete` sends: nothing of a state.
	err = cockpit.Delete(p.DeleteRequest{Urn: urn, ID: created.ID})
	require.ErrorContains(t, err, "Nothing was sent")
}

func TestReplay(t *testing.T) {
	server := server(t)
	for _, log := range []string{
		`{"method": "/pulumirpc.ResourceProvider/Check",
		  "request": {"urn": "urn:pulumi:test::judges::cockpit:index:Solution::petra", "olds": {}, "news": {"name": "Replayed"}},
		  "response": {"inputs": {"name": "Replayed", "deletionProtection": true, "*": "*"}}}`,
		`{"method": "/pulumirpc.ResourceProvider/Create",
		  "request": {"urn": "urn:pulumi:test::judges::cockpit:index:Solution::petra", "preview": true,
		    "properties": {"name": "Replayed", "deletionProtection": true}},
		  "response": {"properties": {"name": "Replayed", "deletionProtection": true, "*": "*"}}}`,
	} {
		replay.Replay(t, server, log)
	}
}
