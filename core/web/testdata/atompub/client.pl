# A client that reads with patterns, as one-off programs of 2008 did. Arguments: base address, user, key, a JPEG file, a time. Prints lines.
use strict; use warnings;
use HTTP::Tiny; use Digest::SHA qw(sha1); use MIME::Base64 qw(encode_base64);
my ($base, $user, $key, $picture, $now) = @ARGV;
my $http = HTTP::Tiny->new;
sub wsse {
    my $nonce = join '', map { chr int rand 256 } 1 .. 20;
    my $created = "$now+09:00";
    sprintf 'UsernameToken Username="%s", PasswordDigest="%s", Nonce="%s", Created="%s"', $user, encode_base64(sha1($nonce . $created . $key), ''), encode_base64($nonce, ''), $created;
}
sub ask {
    my ($method, $url, $body, $type) = @_;
    my %headers = ('X-WSSE' => wsse());
    $headers{'content-type'} = $type if $type;
    my %o = (headers => \%headers);
    $o{content} = $body if defined $body;
    $http->request($method, $url, \%o);
}
sub slurp { local (@ARGV, $/) = @_; <> }
my $r = ask('GET', "$base/atom/diary");
die "no XML declaration at the very beginning" unless $r->{content} =~ /^<\?xml /;
my ($collection) = $r->{content} =~ /<collection[^>]* href="([^"]+)"/;
$r = ask('POST', $collection, '<?xml version="1.0" encoding="utf-8"?><entry xmlns="http://www.w3.org/2007/app"><summary>パールの本文</summary><title>パールの日記</title></entry>', '');
print "diary $r->{status} $r->{headers}{location}\n";
$r = ask('POST', $collection, slurp($picture), 'image/jpeg');
my $place = $r->{headers}{location};
$r = ask('POST', $place, '<entry xmlns="http://www.w3.org/2007/app"><title>パールの写真</title><summary>本文</summary></entry>', 'text/xml');
print "pictured $r->{status} $r->{headers}{location}\n";
$r = ask('POST', $place, '<entry xmlns="http://www.w3.org/2007/app"><title>二度目</title><summary>本文</summary></entry>', 'text/xml');
print "again $r->{status}\n";
$r = ask('POST', $collection, '<!DOCTYPE entry [<!ENTITY x "y">]><entry xmlns="http://www.w3.org/2007/app"><title>&x;</title><summary>z</summary></entry>', 'text/xml');
print "doctype $r->{status}\n";
$r = ask('POST', $collection, '<entry xmlns="http://www.w3.org/2007/app"><title></title><summary></summary></entry>', 'text/xml');
print "empty $r->{status}\n";
