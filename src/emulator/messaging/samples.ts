/** Sample files for media messages of customers: the smallest valid file for each message type. */

export interface Sample {
  mime: string;
  bytes: Buffer;
}

const base64 = (text: string) => Buffer.from(text, "base64");

const PDF = `%PDF-1.1
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj
xref
0 4
0000000000 65535 f\u0020
0000000009 00000 n\u0020
0000000052 00000 n\u0020
0000000101 00000 n\u0020
trailer<</Size 4/Root 1 0 R>>
startxref
162
%%EOF
`;

/** By message type. */
export const SAMPLES: Readonly<Record<string, Sample>> = {
  // A gray pixel.
  image: {
    mime: "image/jpeg",
    bytes: base64(
      "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQH/wAAL" +
        "CAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z",
    ),
  },
  // A pixel.
  sticker: { mime: "image/webp", bytes: base64("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==") },
  // 20 milliseconds of silence in Opus.
  audio: {
    mime: "audio/ogg; codecs=opus",
    bytes: base64(
      "T2dnUwACAAAAAAAAAAABAAAAAAAAAByf9dkBE09wdXNIZWFkAQE4AYC7AAAAAABPZ2dTAAAAAAAAAAAAAAEAAAABAAAAF3RxUQEXT3B1c1RhZ3MHAAAAd2EtaG9v" +
        "awAAAABPZ2dTAATAAwAAAAAAAAEAAAACAAAAKZOw3QED+P/+",
    ),
  },
  // An MP4 without a track.
  video: {
    mime: "video/mp4",
    bytes: base64(
      "AAAAGGZ0eXBpc29tAAACAGlzb21tcDQxAAAAdG1vb3YAAABsbXZoZAAAAAAAAAAAAAAAAAAAA+gAAAAAAAEAAAEAAAAAAAAAAAAAAAABAAAAAAAAAAAAAAAAAAAA" +
        "AQAAAAAAAAAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=",
    ),
  },
  // An empty page.
  document: { mime: "application/pdf", bytes: Buffer.from(PDF, "latin1") },
};
