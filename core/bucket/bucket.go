// Package bucket keeps objects at a service that speaks S3's protocol: copies of a site, photos of several machines.
//
// Start reading at [Open].
package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Scheme is what an address of a bucket begins with.
const Scheme = "s3://"

// Is says whether a place is a bucket and no directory.
func Is(place string) bool { return strings.HasPrefix(place, Scheme) }

// Bounds of one question. A transfer may take as long as it goes on: what hangs is told by the connection.
const (
	tries      = 4
	dialTime   = 10 * time.Second
	answerTime = 30 * time.Second
	partBytes  = 16 << 20 // of a large object, which is what one transfer holds in memory
)

// A Bucket is what lies below one prefix of a bucket. Safe for concurrent use.
type Bucket struct {
	client *minio.Client
	name   string
	prefix string // "" or with a slash at its end
	where  string
}

// An Object is one of them. Its name is that below the prefix.
type Object struct {
	Name    string
	Size    int64 // bytes
	Changed time.Time
}

// Open reads an address: s3://BUCKET/PREFIX?endpoint=https://HOST:PORT&region=REGION. Without an endpoint it is that of
// AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, else Amazon's own; without a region that of AWS_REGION. The keys are those of AWS_ACCESS_KEY_ID and
// AWS_SECRET_ACCESS_KEY, of ~/.aws/credentials, or those that Amazon's machine gives to who runs on it. Nothing is asked yet: see
// [Bucket.Reach].
func Open(address string) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme+"://" != Scheme || u.Host == "" || u.User != nil || u.Fragment != "" {
		return nil, fmt.Errorf("bucket: %q is no address of one; expected s3://BUCKET/PREFIX?endpoint=https://HOST, and the keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY", address)
	}
	q := u.Query()
	for name := range q {
		if name != "endpoint" && name != "region" {
			return nil, fmt.Errorf("bucket: %q has a setting %q; there are endpoint and region", address, name)
		}
	}
	at, err := url.Parse(first(q.Get("endpoint"), os.Getenv("AWS_ENDPOINT_URL_S3"), os.Getenv("AWS_ENDPOINT_URL"), "https://s3.amazonaws.com"))
	if err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" || strings.Trim(at.Path, "/") != "" {
		return nil, fmt.Errorf("bucket: the endpoint of %q is no address of a service; expected https://HOST or https://HOST:PORT", address)
	}
	client, err := minio.New(at.Host, &minio.Options{
		Creds: credentials.NewChainCredentials([]credentials.Provider{
			&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, &credentials.IAM{Client: &http.Client{Timeout: 3 * time.Second}}}),
		Secure: at.Scheme == "https", Transport: transport(), MaxRetries: tries,
		Region: first(q.Get("region"), os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION")),
	})
	if err != nil {
		return nil, fmt.Errorf("bucket: %q: %w", address, err)
	}
	b := &Bucket{client: client, name: u.Host, where: address}
	if p := strings.Trim(path.Clean("/"+u.Path), "/"); p != "" {
		b.prefix = p + "/"
	}
	return b, nil
}

func first(of ...string) string {
	for _, s := range of {
		if s != "" {
			return s
		}
	}
	return ""
}

func transport() *http.Transport {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: dialTime, KeepAlive: 15 * time.Second}).DialContext, ForceAttemptHTTP2: true,
		TLSHandshakeTimeout: dialTime, ResponseHeaderTimeout: answerTime, MaxIdleConnsPerHost: 16, IdleConnTimeout: time.Minute,
		DisableCompression: true, // objects come as they are
	}
}

// Reach says why the bucket cannot be used, nil if it can.
func (b *Bucket) Reach(ctx context.Context) error {
	there, err := b.client.BucketExists(ctx, b.name)
	if err == nil && !there {
		err = errors.New("there is no such bucket; make it first")
	}
	return b.problem("", err)
}

// String is the address, which holds no key.
func (b *Bucket) String() string { return b.where }

// Under is the part of the bucket below a further prefix.
func (b *Bucket) Under(prefix string) *Bucket {
	c := *b
	c.prefix += strings.Trim(prefix, "/") + "/"
	return &c
}

// problem gives an error its place. An object that is not there is fs.ErrNotExist.
func (b *Bucket) problem(name string, err error) error {
	if err == nil {
		return nil
	}
	if answer, ok := errors.AsType[minio.ErrorResponse](err); ok && answer.Code == minio.NoSuchKey {
		err = fs.ErrNotExist
	}
	where := b.where
	if at := b.prefix + name; at != "" {
		where += ": " + at
	}
	return fmt.Errorf("bucket: %s: %w", where, err)
}

// Put keeps size bytes of r under a name, in place of what was there. It is there, whole, when Put returns nil.
func (b *Bucket) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	_, err := b.client.PutObject(ctx, b.name, b.prefix+name, r, size, minio.PutObjectOptions{ContentType: "application/octet-stream", PartSize: partBytes})
	return b.problem(name, err)
}

// Get reads an object; the caller closes it. An object that is not there is fs.ErrNotExist.
func (b *Bucket) Get(ctx context.Context, name string) (io.ReadCloser, int64, error) {
	o, err := b.client.GetObject(ctx, b.name, b.prefix+name, minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, b.problem(name, err)
	}
	info, err := o.Stat()
	if err != nil {
		return nil, 0, b.problem(name, errors.Join(err, o.Close()))
	}
	return o, info.Size, nil
}

// Objects are all whose names begin so, in the order of their names.
func (b *Bucket) Objects(ctx context.Context, begin string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		for o := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix + begin, Recursive: true}) {
			if o.Err != nil {
				yield(Object{}, b.problem(begin, o.Err))
				return
			}
			if !yield(Object{strings.TrimPrefix(o.Key, b.prefix), o.Size, o.LastModified}, nil) {
				return
			}
		}
	}
}

// Remove deletes an object; one that is not there is no error.
func (b *Bucket) Remove(ctx context.Context, name string) error {
	return b.problem(name, b.client.RemoveObject(ctx, b.name, b.prefix+name, minio.RemoveObjectOptions{}))
}
