// A plugin in Go as somebody else would write it: pulumi-go-provider's resources over Cockpit's calls, one call for each operation.
// The benchmark builds it, to measure ours beside it.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/pulumi/pulumi-go-provider/infer"
)

func main() {
	provider, err := infer.NewProviderBuilder().
		WithResources(infer.Resource(Solution{}), infer.Resource(Database{})).
		Build()
	if err == nil {
		err = provider.Run(context.Background(), "peer", "1.0.0")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type Args struct {
	Name    string  `pulumi:"name"`
	Cluster string  `pulumi:"cluster"`
	Parent  *string `pulumi:"parent,optional"`
}

type State struct{ Args }

type Solution struct{ group }
type Database struct{ group }

func (Solution) Create(ctx context.Context, request infer.CreateRequest[Args]) (infer.CreateResponse[State], error) {
	return create(ctx, "application", request)
}

func (Database) Create(ctx context.Context, request infer.CreateRequest[Args]) (infer.CreateResponse[State], error) {
	return create(ctx, "database", request)
}

func create(ctx context.Context, kind string, request infer.CreateRequest[Args]) (infer.CreateResponse[State], error) {
	made := infer.CreateResponse[State]{ID: kind + "-" + request.Inputs.Name, Output: State{request.Inputs}}
	if request.DryRun {
		return made, nil
	}
	query := map[string]string{"name": request.Inputs.Name, "server": request.Inputs.Cluster}
	if request.Inputs.Parent != nil {
		query["superGroup"] = *request.Inputs.Parent
	}
	_, err := call(ctx, http.MethodPost, made.ID+"/"+kind, query)
	return made, err
}

type group struct{}

func (group) Read(ctx context.Context, request infer.ReadRequest[Args, State]) (infer.ReadResponse[Args, State], error) {
	body, err := call(ctx, http.MethodGet, request.ID, nil)
	if err != nil {
		return infer.ReadResponse[Args, State]{}, err
	}
	var found struct {
		Name string `json:"name"`
	}
	if err := json.Unmarshal(body, &found); err != nil {
		return infer.ReadResponse[Args, State]{}, err
	}
	state := request.State
	state.Name = found.Name
	return infer.ReadResponse[Args, State]{ID: request.ID, Inputs: request.Inputs, State: state}, nil
}

func (group) Delete(ctx context.Context, request infer.DeleteRequest[State]) (infer.DeleteResponse, error) {
	_, err := call(ctx, http.MethodDelete, request.ID, nil)
	return infer.DeleteResponse{}, err
}

func call(ctx context.Context, method, path string, query map[string]string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, os.Getenv("COCKPIT_URL")+"/rest/v2/group/"+path, bytes.NewReader(nil))
	if err != nil {
		return nil, err
	}
	values := request.URL.Query()
	for key, value := range query {
		values.Set(key, value)
	}
	request.URL.RawQuery = values.Encode()
	request.SetBasicAuth(os.Getenv("COCKPIT_USERNAME"), os.Getenv("COCKPIT_PASSWORD"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= 400 {
		err = fmt.Errorf("%s %s failed: %d %s", method, path, response.StatusCode, body)
	}
	return body, err
}
