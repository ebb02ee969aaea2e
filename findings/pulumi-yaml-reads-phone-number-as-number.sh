#!/bin/sh
# In a Pulumi program in YAML a phone number without quotes is a number: its + and each 0 in front are gone before any type is
# looked at, and the type checker takes a number for a text ("we coerce numbers to strings" in analyser.go), so neither the
# language nor a schema that says "string" objects. The same goes for codes and ids of digits only: 0012 becomes 10, read as octal.
#
# github.com/pulumi/pulumi-yaml v1.38.0. Seen: phone: +32470123456 is the number 32470123456, code: 0012 the number 10, while a
# date, 2026-01-31, stays a text.
# What a provider has to do: refuse a number where it asks for a text, and say that quotes are missing.
#
# Needs Go.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >go.mod <<'EOF'
module observe

go 1.25

require github.com/pulumi/pulumi-yaml v1.38.0
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/pulumi/pulumi-yaml/pkg/pulumiyaml/syntax/encoding"
	"gopkg.in/yaml.v3"
)

const expected = `phone is *syntax.NumberNode 32470123456
code is *syntax.NumberNode 10
date is *syntax.StringNode 2026-01-31
`

func main() {
	program := "phone: +32470123456\ncode: 0012\ndate: 2026-01-31\n"
	object, problems := encoding.DecodeYAML("Pulumi.yaml", yaml.NewDecoder(strings.NewReader(program)), nil)
	seen := ""
	for i := 0; i < object.Len(); i++ {
		property := object.Index(i)
		seen += fmt.Sprintf("%s is %T %v\n", property.Key.Value(), property.Value, property.Value)
	}
	fmt.Print(seen)
	if problems.HasErrors() || seen != expected {
		fmt.Fprintln(os.Stderr, "this has changed", problems)
		os.Exit(1)
	}
}
EOF
export GOFLAGS="-mod=mod -modcacherw"
go mod tidy >/dev/null 2>&1
go run .
