// logs.go - notes, trees and proofs by Go's golang.org/x/mod/sumdb, for logs.sh.
//
//	logs write DIR   a log of 600 entries with checkpoints and proofs
//	logs check DIR   everything of a log that the other side wrote
//	logs tell DIR    a gateway's log: DIR/log/, its keys in DIR/log.vkey and witness.vkey;
//	                 every entry is proved and printed on one line
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const origin = "go.example/log"

var dir string

func must(err error, what ...interface{}) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "logs.go:", fmt.Sprint(what...), err)
		os.Exit(1)
	}
}

func read(name string) []byte {
	data, err := os.ReadFile(filepath.Join(dir, name))
	must(err)
	return data
}

func write(name string, data []byte) {
	path := filepath.Join(dir, name)
	must(os.MkdirAll(filepath.Dir(path), 0o755))
	must(os.WriteFile(path, data, 0o644))
}

// Entry i of either side: "entry I", the number padded to 1 + I%40 digits.
func entry(i int64) []byte { return []byte(fmt.Sprintf("entry %0*d", int(1+i%40), i)) }

// C2SP names a tile without its height, which is always 8.
func tilePath(t tlog.Tile) string { return "log/tile/" + strings.TrimPrefix(t.Path(), "tile/8/") }

type tiles struct{}

func (tiles) Height() int { return 8 }
func (tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range list {
		data, err := os.ReadFile(filepath.Join(dir, tilePath(t)))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// A C2SP cosignature (type 4) as a verifier of Go's notes.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newWitness(vkey string) witness {
	part := strings.SplitN(strings.TrimSpace(vkey), "+", 3)
	raw, err := base64.StdEncoding.DecodeString(part[2])
	must(err, vkey)
	sum := sha256.Sum256(append([]byte(part[0]+"\n"), raw...))
	hash := binary.BigEndian.Uint32(sum[:4])
	if raw[0] != 4 || fmt.Sprintf("%08x", hash) != part[1] {
		must(fmt.Errorf("is no witness's key"), vkey)
	}
	return witness{part[0], hash, raw[1:]}
}
func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig[:8]), msg)
	return ed25519.Verify(w.key, []byte(text), sig[8:])
}

// Signed by the log and, where the other side has one, by the witness.
func openCheckpoint(data []byte) tlog.Tree {
	log, err := note.NewVerifier(strings.TrimSpace(string(read("log.vkey"))))
	must(err)
	list := []note.Verifier{log}
	if data, err := os.ReadFile(filepath.Join(dir, "witness.vkey")); err == nil {
		list = append(list, newWitness(string(data)))
	}
	n, err := note.Open(data, note.VerifierList(list...))
	must(err)
	if len(n.Sigs) != len(list) || len(n.UnverifiedSigs) != 0 {
		must(fmt.Errorf("%d good signatures instead of %d", len(n.Sigs), len(list)))
	}
	line := strings.Split(n.Text, "\n")
	size, err := strconv.ParseInt(line[1], 10, 64)
	must(err)
	hash, err := tlog.ParseHash(line[2])
	must(err)
	if line[0] != log.Name() || len(line) != 4 {
		must(fmt.Errorf("the text is no checkpoint: %q", n.Text))
	}
	return tlog.Tree{N: size, Hash: hash}
}

func hashes(lines []string) (out []tlog.Hash) {
	for _, l := range lines {
		h, err := tlog.ParseHash(l)
		must(err, l)
		out = append(out, h)
	}
	return
}

func checkBundles(size int64) {
	for n := int64(0); n*256 < size; n++ {
		name := tilePath(tlog.Tile{H: 8, L: 0, N: n, W: 256})
		if width := size - n*256; width < 256 {
			name = tilePath(tlog.Tile{H: 8, L: 0, N: n, W: int(width)})
		}
		data := read(strings.Replace(name, "tile/0/", "tile/entries/", 1))
		for i := n * 256; len(data) > 0; i++ {
			length := int(binary.BigEndian.Uint16(data))
			if !bytes.Equal(data[2:2+length], entry(i)) {
				must(fmt.Errorf("entry %d differs", i))
			}
			data = data[2+length:]
		}
	}
}

// Every tile and entry up to the root that log and witness have signed.
func tell() {
	tree := openCheckpoint(read("log/checkpoint"))
	reader := tlog.TileHashReader(tree, tiles{})
	root, err := tlog.TreeHash(tree.N, reader)
	must(err)
	if root != tree.Hash {
		must(fmt.Errorf("root of %d differs", tree.N))
	}
	for i := int64(0); i < tree.N; {
		width := min(tree.N-i, 256)
		name := tilePath(tlog.Tile{H: 8, L: 0, N: i / 256, W: int(width)})
		data := read(strings.Replace(name, "tile/0/", "tile/entries/", 1))
		for ; len(data) > 0; i++ {
			length := int(binary.BigEndian.Uint16(data))
			p, err := tlog.ProveRecord(tree.N, i, reader)
			must(err)
			must(tlog.CheckRecord(p, tree.N, tree.Hash, i, tlog.RecordHash(data[2:2+length])))
			fmt.Println(strings.Join(strings.Fields(string(data[2:2+length])), " "))
			data = data[2+length:]
		}
	}
}

func check() {
	var proofs int
	names, err := filepath.Glob(filepath.Join(dir, "checkpoint.*"))
	must(err)
	for _, name := range names {
		tree := openCheckpoint(read(filepath.Base(name)))
		reader := tlog.TileHashReader(tree, tiles{})
		root, err := tlog.TreeHash(tree.N, reader)
		must(err, "tree of ", tree.N, ": ")
		if root != tree.Hash {
			must(fmt.Errorf("root of %d differs", tree.N))
		}
		step := tree.N/1000 + 1
		for i := int64(0); i < tree.N; i += step {
			p, err := tlog.ProveRecord(tree.N, i, reader)
			must(err)
			must(tlog.CheckRecord(p, tree.N, tree.Hash, i, tlog.RecordHash(entry(i))))
		}
		checkBundles(tree.N)
	}
	records, err := filepath.Glob(filepath.Join(dir, "record.*.tlog-proof"))
	must(err)
	for _, name := range records {
		head, checkpoint, _ := strings.Cut(string(read(filepath.Base(name))), "\n\n")
		line := strings.Split(head, "\n")
		index, err := strconv.ParseInt(strings.TrimPrefix(line[1], "index "), 10, 64)
		must(err)
		if line[0] != "c2sp.org/tlog-proof@v1" {
			must(fmt.Errorf("%s has another head", name))
		}
		tree := openCheckpoint([]byte(checkpoint))
		must(tlog.CheckRecord(hashes(line[2:]), tree.N, tree.Hash, index,
			tlog.RecordHash(entry(index))), name, ": ")
		proofs++
	}
	growths, err := filepath.Glob(filepath.Join(dir, "tree.*"))
	must(err)
	for _, name := range growths {
		var old, size int64
		_, err := fmt.Sscanf(filepath.Base(name), "tree.%d.%d", &old, &size)
		must(err)
		before := openCheckpoint(read(fmt.Sprintf("checkpoint.%d", old)))
		after := openCheckpoint(read(fmt.Sprintf("checkpoint.%d", size)))
		must(tlog.CheckTree(hashes(strings.Fields(string(read(filepath.Base(name))))), after.N,
			after.Hash, before.N, before.Hash), name, ": ")
		proofs++
	}
	if len(names) == 0 || len(records) == 0 || len(growths) == 0 {
		must(fmt.Errorf("nothing to check"))
	}
	fmt.Printf("Go: %d checkpoints, %d proofs of the other side are good\n", len(names), proofs)
}

type stored []tlog.Hash

func (s stored) ReadHashes(index []int64) (out []tlog.Hash, err error) {
	for _, i := range index {
		out = append(out, s[i])
	}
	return
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

func putLines(name string, list []tlog.Hash) {
	var b bytes.Buffer
	for _, h := range list {
		fmt.Fprintln(&b, h)
	}
	write(name, b.Bytes())
}

func writeAll() {
	seed := sha256.Sum256([]byte("crosscheck"))
	skey, vkey, err := note.GenerateKey(bytes.NewReader(seed[:]), origin)
	must(err)
	signer, err := note.NewSigner(skey)
	must(err)
	write("log.vkey", []byte(vkey+"\n"))
	var all stored
	var bundle bytes.Buffer
	roots := map[int64]tlog.Hash{}
	sizes := map[int64]bool{1: true, 3: true, 255: true, 256: true, 257: true, 512: true, 600: true}
	for i := int64(0); i < 600; i++ {
		h, err := tlog.StoredHashes(i, entry(i), all)
		must(err)
		all = append(all, h...)
		must(binary.Write(&bundle, binary.BigEndian, uint16(len(entry(i)))))
		bundle.Write(entry(i))
		name := tilePath(tlog.Tile{H: 8, L: 0, N: i / 256, W: int(i%256) + 1})
		write(strings.Replace(name, "tile/0/", "tile/entries/", 1), bundle.Bytes())
		if i%256 == 255 {
			bundle.Reset()
		}
		size := i + 1
		if !sizes[size] {
			continue
		}
		for _, t := range tlog.NewTiles(8, 0, size) {
			data, err := tlog.ReadTileData(t, all)
			must(err)
			write(tilePath(t), data)
		}
		roots[size], err = tlog.TreeHash(size, all)
		must(err)
		text := fmt.Sprintf("%s\n%d\n%s\n", origin, size, roots[size])
		signed, err := note.Sign(&note.Note{Text: text}, signer)
		must(err)
		write(fmt.Sprintf("checkpoint.%d", size), signed)
		for n := min(3, size-1); n < size; n += size/7 + 1 {
			p, err := tlog.ProveRecord(size, n, all)
			must(err)
			var b bytes.Buffer
			fmt.Fprintf(&b, "c2sp.org/tlog-proof@v1\nindex %d\n", n)
			for _, h := range p {
				fmt.Fprintln(&b, h)
			}
			fmt.Fprintf(&b, "\n%s", signed)
			write(fmt.Sprintf("record.%d.%d.tlog-proof", size, n), b.Bytes())
		}
		for old := range roots {
			p, err := tlog.ProveTree(size, old, all)
			must(err)
			putLines(fmt.Sprintf("tree.%d.%d", old, size), p)
		}
	}
}

func main() {
	if len(os.Args) != 3 {
		must(fmt.Errorf("usage: logs write|check|tell DIR"))
	}
	dir = os.Args[2]
	switch os.Args[1] {
	case "write":
		writeAll()
	case "tell":
		tell()
	default:
		check()
	}
}
