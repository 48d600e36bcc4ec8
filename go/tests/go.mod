module github.com/hookproof/hookproof/go/tests

go 1.24

require github.com/hookproof/hookproof/go v0.0.0

replace github.com/hookproof/hookproof/go => ..
