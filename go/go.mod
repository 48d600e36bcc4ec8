module github.com/hookproof/hookproof/go

go 1.24
