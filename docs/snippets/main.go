package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strings"
)

var appSecret, verifyToken = os.Getenv("WHATSAPP_APP_SECRET"), os.Getenv("WHATSAPP_VERIFY_TOKEN")

func main() {
	if appSecret == "" || verifyToken == "" {
		log.Fatal("set WHATSAPP_APP_SECRET and WHATSAPP_VERIFY_TOKEN")
	}
	http.HandleFunc("/webhook", webhook)
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	log.Fatal(http.ListenAndServe(":"+port, nil))
}

func webhook(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		query := r.URL.Query()
		if query.Get("hub.mode") != "subscribe" || query.Get("hub.verify_token") != verifyToken {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		io.WriteString(w, query.Get("hub.challenge"))
		return
	}
	// The bytes, before json.Unmarshal. Meta sends up to 3 MB.
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 4<<20))
	if err != nil || !isSigned(body, strings.Join(r.Header.Values("X-Hub-Signature-256"), ", ")) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusOK)
	go handle(body)
}

func isSigned(body []byte, signature string) bool {
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write(body)
	expected := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(signature), []byte(expected))
}

func handle(body []byte) {
	var payload struct{ Entry []json.RawMessage }
	if json.Unmarshal(body, &payload) == nil {
		log.Println(len(payload.Entry), "entries") // your bot
	}
}
