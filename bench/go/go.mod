module github.com/hookproof/hookproof/bench/go

go 1.24

require (
	github.com/golang-jwt/jwt/v5 v5.3.0
	github.com/hookproof/hookproof/go v0.0.0
)

replace github.com/hookproof/hookproof/go => ../../go
