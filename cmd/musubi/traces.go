package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"musubi/gateway"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// A tracer tells of requests in OpenTelemetry's way.
type tracer struct {
	provider *sdk.TracerProvider
	spans    trace.Tracer
}

// openTraces is nil where nobody follows.
func openTraces(o *following, log *slog.Logger) (*tracer, error) {
	if !(o.TracesShare >= 0 && o.TracesShare <= 1) { // NaN is a number to the parser
		return nil, badUsage("--traces-share %v: expected 0 to 1", o.TracesShare)
	}
	if o.Traces == "" {
		return nil, nil
	}
	u, err := url.Parse(o.Traces)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, badUsage("--traces %s: expected an address like http://127.0.0.1:4318/v1/traces", o.Traces)
	}
	whose := resource.NewSchemaless(attribute.String("service.name", "musubi"), attribute.String("service.version", version()))
	provider := sdk.NewTracerProvider(sdk.WithResource(whose), sdk.WithSampler(sdk.TraceIDRatioBased(o.TracesShare)),
		sdk.WithBatcher(&otlp{o.Traces, &http.Client{Timeout: 10 * time.Second}, log}, sdk.WithBatchTimeout(time.Second)))
	return &tracer{provider, provider.Tracer("musubi/gateway")}, nil
}

// passed is what the gateway tells; nil for nobody.
func (t *tracer) passed() func(gateway.Passage) {
	if t == nil {
		return nil
	}
	return func(p gateway.Passage) {
		ctx, span := t.spans.Start(context.Background(), p.Method+" "+p.Route, trace.WithTimestamp(p.Began), trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
			attribute.String("http.request.method", p.Method), attribute.String("http.route", p.Route), attribute.Int("http.response.status_code", p.Status),
			attribute.String("musubi.id", p.ID), attribute.String("musubi.kind", p.Kind), attribute.String("musubi.carrier", p.Carrier), attribute.String("musubi.dialect", p.Dialect)))
		if gateway.StatusClass(p.Status) == 5 {
			span.SetStatus(codes.Error, "")
		}
		if !p.Asked.IsZero() {
			_, asked := t.spans.Start(ctx, "upstream", trace.WithTimestamp(p.Asked), trace.WithSpanKind(trace.SpanKindClient))
			asked.End(trace.WithTimestamp(p.Asked.Add(p.Upstream)))
		}
		span.End(trace.WithTimestamp(p.Ended))
	}
}

// close sends what waits.
func (t *tracer) close() error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return t.provider.Shutdown(ctx)
}

// otlp sends spans by OTLP over HTTP, in JSON: the protobuf and gRPC of the usual exporter are a quarter of this program.
type otlp struct {
	to     string
	client *http.Client
	log    *slog.Logger
}

// What OTLP/JSON calls things.
type (
	otlpValue struct {
		String *string `json:"stringValue,omitempty"`
		Int    *string `json:"intValue,omitempty"`
	}
	otlpAttribute struct {
		Key   string    `json:"key"`
		Value otlpValue `json:"value"`
	}
	otlpSpan struct {
		TraceID    string          `json:"traceId"`
		SpanID     string          `json:"spanId"`
		Parent     string          `json:"parentSpanId,omitempty"`
		Name       string          `json:"name"`
		Kind       int             `json:"kind"`
		Start      string          `json:"startTimeUnixNano"`
		End        string          `json:"endTimeUnixNano"`
		Attributes []otlpAttribute `json:"attributes,omitempty"`
		Status     struct {
			Code int `json:"code,omitempty"`
		} `json:"status"`
	}
	otlpScope struct {
		Scope struct {
			Name string `json:"name"`
		} `json:"scope"`
		Spans []otlpSpan `json:"spans"`
	}
	otlpResource struct {
		Resource struct {
			Attributes []otlpAttribute `json:"attributes"`
		} `json:"resource"`
		Scopes []otlpScope `json:"scopeSpans"`
	}
	otlpBatch struct {
		Resources []otlpResource `json:"resourceSpans"`
	}
)

func otlpAttributes(list []attribute.KeyValue) (out []otlpAttribute) {
	for _, a := range list {
		text := a.Value.String()
		v := otlpValue{String: &text}
		if a.Value.Type() == attribute.INT64 {
			v = otlpValue{Int: &text}
		}
		out = append(out, otlpAttribute{string(a.Key), v})
	}
	return out
}

// ExportSpans implements sdk.SpanExporter. What cannot be sent is lost: nobody waits for who follows.
func (e *otlp) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	var r otlpResource
	r.Resource.Attributes = otlpAttributes(spans[0].Resource().Attributes())
	scope := otlpScope{}
	scope.Scope.Name = spans[0].InstrumentationScope().Name
	for _, s := range spans {
		o := otlpSpan{TraceID: s.SpanContext().TraceID().String(), SpanID: s.SpanContext().SpanID().String(), Name: s.Name(), Kind: int(s.SpanKind()),
			Start: strconv.FormatInt(s.StartTime().UnixNano(), 10), End: strconv.FormatInt(s.EndTime().UnixNano(), 10), Attributes: otlpAttributes(s.Attributes())}
		if s.Parent().HasSpanID() {
			o.Parent = s.Parent().SpanID().String()
		}
		if s.Status().Code == codes.Error {
			o.Status.Code = 2
		}
		scope.Spans = append(scope.Spans, o)
	}
	r.Scopes = []otlpScope{scope}
	text, err := json.Marshal(otlpBatch{[]otlpResource{r}})
	if err == nil {
		err = e.send(ctx, text)
	}
	if err != nil {
		e.log.Error("traces are lost", "spans", len(spans), "error", err.Error())
	}
	return nil
}

func (e *otlp) send(ctx context.Context, text []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.to, bytes.NewReader(text))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := e.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("%s answers %s", e.to, answer.Status)
	}
	return nil
}

// Shutdown implements sdk.SpanExporter.
func (e *otlp) Shutdown(context.Context) error { return nil }
