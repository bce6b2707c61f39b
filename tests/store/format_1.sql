-- A database of format 1, kept to prove that later versions open it. Never edit it.
CREATE TABLE "sites" (
  "id" TEXT NOT NULL,
  "name" TEXT,
  "home_url" TEXT NOT NULL,
  "platform" TEXT,
  "deputy" TEXT,
  PRIMARY KEY ("id")
) STRICT;
CREATE TABLE "crawls" (
  "id" INTEGER NOT NULL,
  "site_id" TEXT REFERENCES "sites"("id"),
  "source" TEXT NOT NULL CHECK ("source" IN ('live', 'wayback', 'import')),
  "started_at" TEXT NOT NULL,
  "finished_at" TEXT,
  "outcome" TEXT,
  "pages" INTEGER,
  "new_articles" INTEGER,
  "changed_articles" INTEGER,
  "errors" INTEGER,
  "user_agent" TEXT,
  "version" TEXT,
  "options" TEXT CHECK ("options" IS NULL OR json_valid("options")),
  PRIMARY KEY ("id")
) STRICT;
CREATE INDEX "crawls_site_id_started_at" ON "crawls" ("site_id", "started_at");
CREATE INDEX "crawls_started_at" ON "crawls" ("started_at");
CREATE TABLE "captures" (
  "id" INTEGER NOT NULL,
  "crawl_id" INTEGER NOT NULL REFERENCES "crawls"("id"),
  "url" TEXT NOT NULL,
  "captured_at" TEXT NOT NULL,
  "status" INTEGER,
  "content_type" TEXT,
  "payload_digest" TEXT,
  "warc_file" TEXT NOT NULL,
  "warc_offset" INTEGER NOT NULL,
  "warc_length" INTEGER NOT NULL,
  "record_id" TEXT NOT NULL,
  "revisit_of" TEXT,
  "method" TEXT NOT NULL CHECK ("method" IN ('wire', 'reconstructed', 'imported')),
  PRIMARY KEY ("id"),
  UNIQUE ("record_id")
) STRICT;
CREATE INDEX "captures_crawl_id" ON "captures" ("crawl_id");
CREATE INDEX "captures_url_captured_at" ON "captures" ("url", "captured_at");
CREATE INDEX "captures_captured_at" ON "captures" ("captured_at");
CREATE INDEX "captures_payload_digest" ON "captures" ("payload_digest");
CREATE INDEX "captures_revisit_of" ON "captures" ("revisit_of");
CREATE INDEX "captures_warc_file_warc_offset" ON "captures" ("warc_file", "warc_offset");
CREATE TABLE "articles" (
  "id" INTEGER NOT NULL,
  "site_id" TEXT NOT NULL REFERENCES "sites"("id"),
  "url" TEXT NOT NULL,
  "post_id" INTEGER,
  "lang" TEXT,
  "title" TEXT NOT NULL,
  "kind" TEXT NOT NULL CHECK ("kind" IN ('question', 'news')),
  "published_on" TEXT,
  "modified_at" TEXT,
  "author" TEXT,
  "categories" TEXT NOT NULL CHECK ("categories" IS NULL OR json_valid("categories")),
  "tags" TEXT NOT NULL CHECK ("tags" IS NULL OR json_valid("tags")),
  "body_text" TEXT,
  "comment_count" INTEGER,
  "vote_count" INTEGER,
  "rating" REAL,
  "first_captured_at" TEXT NOT NULL,
  "last_captured_at" TEXT NOT NULL,
  "gone_at" TEXT,
  "capture_id" INTEGER NOT NULL REFERENCES "captures"("id"),
  PRIMARY KEY ("id"),
  UNIQUE ("url")
) STRICT;
CREATE INDEX "articles_site_id" ON "articles" ("site_id");
CREATE INDEX "articles_capture_id" ON "articles" ("capture_id");
CREATE INDEX "articles_post_id" ON "articles" ("post_id");
CREATE INDEX "articles_kind" ON "articles" ("kind");
CREATE INDEX "articles_published_on" ON "articles" ("published_on");
CREATE INDEX "articles_modified_at" ON "articles" ("modified_at");
CREATE INDEX "articles_comment_count" ON "articles" ("comment_count");
CREATE INDEX "articles_vote_count" ON "articles" ("vote_count");
CREATE INDEX "articles_first_captured_at" ON "articles" ("first_captured_at");
CREATE INDEX "articles_last_captured_at" ON "articles" ("last_captured_at");
CREATE INDEX "articles_gone_at" ON "articles" ("gone_at");
CREATE INDEX "articles_title" ON "articles" ("title");
CREATE TABLE "questions" (
  "id" INTEGER NOT NULL,
  "article_id" INTEGER NOT NULL REFERENCES "articles"("id"),
  "position" INTEGER NOT NULL,
  "type" TEXT CHECK ("type" IN ('QE', 'QG', 'QOSD')),
  "number" TEXT,
  "legislature" INTEGER,
  "author" TEXT,
  "addressee" TEXT,
  "asked_on" TEXT,
  "answered_on" TEXT,
  "status" TEXT NOT NULL CHECK ("status" IN ('answered', 'pending', 'withdrawn', 'lapsed', 'unknown')),
  "question" TEXT,
  "answer" TEXT,
  "demand" TEXT,
  PRIMARY KEY ("id"),
  UNIQUE ("article_id", "position")
) STRICT;
CREATE INDEX "questions_status_asked_on" ON "questions" ("status", "asked_on");
CREATE INDEX "questions_asked_on" ON "questions" ("asked_on");
CREATE INDEX "questions_answered_on" ON "questions" ("answered_on");
CREATE INDEX "questions_addressee" ON "questions" ("addressee");
CREATE INDEX "questions_number" ON "questions" ("number");
CREATE INDEX "questions_type" ON "questions" ("type");
CREATE TABLE "revisions" (
  "id" INTEGER NOT NULL,
  "article_id" INTEGER NOT NULL REFERENCES "articles"("id"),
  "capture_id" INTEGER NOT NULL REFERENCES "captures"("id"),
  "seen_at" TEXT NOT NULL,
  "last_seen_at" TEXT NOT NULL,
  "content_digest" TEXT NOT NULL,
  "title" TEXT NOT NULL,
  "body_text" TEXT,
  "questions" TEXT NOT NULL CHECK ("questions" IS NULL OR json_valid("questions")),
  PRIMARY KEY ("id")
) STRICT;
CREATE INDEX "revisions_article_id_seen_at" ON "revisions" ("article_id", "seen_at");
CREATE INDEX "revisions_capture_id" ON "revisions" ("capture_id");
CREATE INDEX "revisions_seen_at" ON "revisions" ("seen_at");
CREATE INDEX "revisions_content_digest" ON "revisions" ("content_digest");
CREATE TABLE "comment_counts" (
  "article_id" INTEGER NOT NULL REFERENCES "articles"("id"),
  "observed_at" TEXT NOT NULL,
  "comment_count" INTEGER,
  "vote_count" INTEGER,
  "rating" REAL,
  "source" TEXT NOT NULL CHECK ("source" IN ('page', 'feed', 'rest')),
  "capture_id" INTEGER NOT NULL REFERENCES "captures"("id"),
  PRIMARY KEY ("article_id", "observed_at", "source")
) STRICT;
CREATE INDEX "comment_counts_capture_id" ON "comment_counts" ("capture_id");
CREATE INDEX "comment_counts_observed_at" ON "comment_counts" ("observed_at");
CREATE TABLE "events" (
  "id" INTEGER NOT NULL,
  "article_id" INTEGER NOT NULL REFERENCES "articles"("id"),
  "at" TEXT NOT NULL,
  "kind" TEXT NOT NULL CHECK ("kind" IN ('new', 'answered', 'edited', 'retitled', 'renamed', 'comments', 'votes', 'gone', 'back')),
  "before" TEXT,
  "after" TEXT,
  "capture_id" INTEGER NOT NULL REFERENCES "captures"("id"),
  PRIMARY KEY ("id")
) STRICT;
CREATE INDEX "events_article_id_at" ON "events" ("article_id", "at");
CREATE INDEX "events_at" ON "events" ("at");
CREATE INDEX "events_kind_at" ON "events" ("kind", "at");
CREATE INDEX "events_capture_id" ON "events" ("capture_id");
CREATE TABLE "corrections" (
  "id" INTEGER NOT NULL,
  "article_id" INTEGER NOT NULL REFERENCES "articles"("id"),
  "position" INTEGER,
  "field" TEXT NOT NULL,
  "before" TEXT,
  "after" TEXT,
  "corrected_by" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "corrected_on" TEXT NOT NULL,
  PRIMARY KEY ("id")
) STRICT;
CREATE INDEX "corrections_article_id" ON "corrections" ("article_id");
CREATE INDEX "corrections_corrected_on" ON "corrections" ("corrected_on");
CREATE TABLE "problems" (
  "id" INTEGER NOT NULL,
  "capture_id" INTEGER REFERENCES "captures"("id"),
  "url" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "detail" TEXT NOT NULL,
  "seen_at" TEXT NOT NULL,
  PRIMARY KEY ("id"),
  UNIQUE ("url", "kind", "detail")
) STRICT;
CREATE INDEX "problems_capture_id" ON "problems" ("capture_id");
CREATE INDEX "problems_kind_seen_at" ON "problems" ("kind", "seen_at");
CREATE INDEX "problems_seen_at" ON "problems" ("seen_at");
CREATE TABLE "article_states" (
  "id" INTEGER NOT NULL,
  "digest" TEXT NOT NULL,
  "title_key" TEXT NOT NULL,
  "text_key" TEXT,
  "data" TEXT NOT NULL CHECK ("data" IS NULL OR json_valid("data")),
  PRIMARY KEY ("id"),
  UNIQUE ("digest")
) STRICT;
CREATE TABLE "observations" (
  "capture_id" INTEGER NOT NULL REFERENCES "captures"("id"),
  "site_id" TEXT NOT NULL,
  "host" TEXT NOT NULL,
  "url_key" TEXT NOT NULL,
  "captured_at" TEXT NOT NULL,
  "role" TEXT NOT NULL,
  "alive" INTEGER NOT NULL,
  "own_key" TEXT,
  "own_url" TEXT,
  "twin_key" TEXT,
  "redirect_key" TEXT,
  "post_id" INTEGER,
  "state_id" INTEGER REFERENCES "article_states"("id"),
  "comment_count" INTEGER,
  "vote_count" INTEGER,
  "rating" REAL,
  "article_id" INTEGER,
  PRIMARY KEY ("capture_id")
) STRICT;
CREATE INDEX "observations_url_key" ON "observations" ("url_key");
CREATE INDEX "observations_own_key" ON "observations" ("own_key");
CREATE INDEX "observations_twin_key" ON "observations" ("twin_key");
CREATE INDEX "observations_redirect_key" ON "observations" ("redirect_key");
CREATE INDEX "observations_post_id_host" ON "observations" ("post_id", "host");
CREATE INDEX "observations_state_id" ON "observations" ("state_id");
CREATE INDEX "observations_host_alive_captured_at" ON "observations" ("host", "alive", "captured_at");
CREATE INDEX "observations_host_role_captured_at" ON "observations" ("host", "role", "captured_at");
CREATE TABLE "statements" (
  "id" INTEGER NOT NULL,
  "digest" TEXT NOT NULL,
  "source" TEXT NOT NULL,
  "url_key" TEXT NOT NULL,
  "url" TEXT NOT NULL,
  "post_id" INTEGER,
  "title" TEXT,
  "published_at" TEXT,
  "modified_at" TEXT,
  "comment_count" INTEGER,
  "protected" INTEGER NOT NULL,
  "last_capture_id" INTEGER NOT NULL REFERENCES "captures"("id"),
  PRIMARY KEY ("id"),
  UNIQUE ("digest")
) STRICT;
CREATE INDEX "statements_url_key" ON "statements" ("url_key");
CREATE INDEX "statements_last_capture_id" ON "statements" ("last_capture_id");
CREATE TABLE "mentions" (
  "statement_id" INTEGER NOT NULL REFERENCES "statements"("id"),
  "capture_id" INTEGER NOT NULL REFERENCES "captures"("id"),
  PRIMARY KEY ("statement_id", "capture_id")
) STRICT, WITHOUT ROWID;
CREATE INDEX "mentions_capture_id" ON "mentions" ("capture_id");
CREATE TABLE "site_statements" (
  "site_id" TEXT NOT NULL,
  "field" TEXT NOT NULL,
  "value" TEXT NOT NULL,
  "stated_at" TEXT NOT NULL,
  "record_id" TEXT NOT NULL,
  PRIMARY KEY ("site_id", "field")
) STRICT, WITHOUT ROWID;
CREATE TABLE "dirty" (
  "url_key" TEXT NOT NULL,
  PRIMARY KEY ("url_key")
) STRICT, WITHOUT ROWID;
CREATE TABLE "applied_corrections" (
  "url_key" TEXT NOT NULL,
  "digest" TEXT NOT NULL,
  PRIMARY KEY ("url_key")
) STRICT, WITHOUT ROWID;
CREATE TABLE "frontier" (
  "id" INTEGER NOT NULL,
  "crawl_id" INTEGER NOT NULL REFERENCES "crawls"("id"),
  "key" TEXT NOT NULL,
  "turn" INTEGER NOT NULL,
  "url" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "priority" INTEGER NOT NULL,
  "depth" INTEGER NOT NULL,
  "via" TEXT,
  "hops" TEXT NOT NULL,
  "callback" TEXT,
  "data" TEXT CHECK ("data" IS NULL OR json_valid("data")),
  "state" TEXT NOT NULL CHECK ("state" IN ('pending', 'done', 'failed')),
  "reason" TEXT,
  "capture_id" INTEGER REFERENCES "captures"("id"),
  PRIMARY KEY ("id"),
  UNIQUE ("crawl_id", "key", "turn")
) STRICT;
CREATE INDEX "frontier_crawl_id_state_priority_id" ON "frontier" ("crawl_id", "state", "priority" DESC, "id");
CREATE INDEX "frontier_capture_id" ON "frontier" ("capture_id");
CREATE TABLE "skipped" (
  "crawl_id" INTEGER NOT NULL REFERENCES "crawls"("id"),
  "url" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  PRIMARY KEY ("crawl_id", "url", "reason")
) STRICT, WITHOUT ROWID;
CREATE TABLE "warc_files" (
  "warc_file" TEXT NOT NULL,
  "sha256" TEXT NOT NULL,
  "bytes" INTEGER NOT NULL,
  "finished_at" TEXT NOT NULL,
  PRIMARY KEY ("warc_file")
) STRICT;
CREATE TABLE "recoveries" (
  "id" INTEGER NOT NULL,
  "recovered_at" TEXT NOT NULL,
  "warc_file" TEXT NOT NULL,
  "records" INTEGER NOT NULL,
  "cut_bytes" INTEGER NOT NULL,
  "quarantine_file" TEXT,
  "detail" TEXT NOT NULL,
  PRIMARY KEY ("id")
) STRICT;
CREATE INDEX "recoveries_recovered_at" ON "recoveries" ("recovered_at");
CREATE TABLE "verify_runs" (
  "id" INTEGER NOT NULL,
  "started_at" TEXT NOT NULL,
  "finished_at" TEXT,
  "scope" TEXT NOT NULL,
  "files" INTEGER,
  "records" INTEGER,
  "bytes" INTEGER,
  "damages" INTEGER,
  "report" TEXT CHECK ("report" IS NULL OR json_valid("report")),
  PRIMARY KEY ("id")
) STRICT;
CREATE INDEX "verify_runs_started_at" ON "verify_runs" ("started_at");
CREATE VIRTUAL TABLE "articles_fts" USING FTS5 ("title", "body_text", tokenize='unicode61 remove_diacritics 2', content="articles", content_rowid="id");
CREATE VIRTUAL TABLE "questions_fts" USING FTS5 ("question", "answer", "addressee", tokenize='unicode61 remove_diacritics 2', content="questions", content_rowid="id");
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
INSERT INTO "sites" VALUES ('claire-vasseur.example', 'Claire Vasseur', 'https://claire-vasseur.example/', 'WordPress', 'Claire Vasseur');
INSERT INTO "crawls" VALUES (1, 'claire-vasseur.example', 'live', '2024-01-01T00:00:00.000000Z', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}');
INSERT INTO "captures" VALUES (1, 1, 'https://claire-vasseur.example/a/', '2024-01-01T01:00:00.000000Z', 200, 'text/html', 'sha256:urn:test:0001:https://claire-vasseur.example/a/:200', 'test.warc.gz', 0, 1, 'urn:test:0001:https://claire-vasseur.example/a/:200', NULL, 'wire');
INSERT INTO "captures" VALUES (2, 1, 'https://claire-vasseur.example/', '2024-01-01T02:00:00.000000Z', 200, 'text/html', 'sha256:urn:test:0002:https://claire-vasseur.example/:200', 'test.warc.gz', 0, 1, 'urn:test:0002:https://claire-vasseur.example/:200', NULL, 'wire');
INSERT INTO "captures" VALUES (3, 1, 'https://claire-vasseur.example/feed/', '2024-01-01T03:00:00.000000Z', 200, 'text/html', 'sha256:urn:test:0003:https://claire-vasseur.example/feed/:200', 'test.warc.gz', 0, 1, 'urn:test:0003:https://claire-vasseur.example/feed/:200', NULL, 'wire');
INSERT INTO "articles" VALUES (1, 'claire-vasseur.example', 'https://claire-vasseur.example/a/', 1, 'fr-FR', 'Titre', 'question', '2024-01-01', NULL, NULL, '["Actualité"]', '[]', 'Autrefois', 3, NULL, NULL, '2024-01-01T01:00:00.000000Z', '2024-01-01T01:00:00.000000Z', NULL, 1);
INSERT INTO "questions" VALUES (1, 1, 1, 'QE', '1001', 15, NULL, NULL, NULL, NULL, 'answered', 'Question ?', 'R', NULL);
INSERT INTO "revisions" VALUES (1, 1, 1, '2024-01-01T01:00:00.000000Z', '2024-01-01T01:00:00.000000Z', 'sha256:130afefc43f29cd1da9dc2459324e5bdad67912af49959263fd632819c163011', 'Titre', 'Autrefois', '[{"position":1,"question":"Question ?","answer":"R","status":"answered","type":"QE","number":"1001","legislature":15,"author":null,"addressee":null,"asked_on":null,"answered_on":null,"demand":null}]');
INSERT INTO "comment_counts" VALUES (1, '2024-01-01T01:00:00.000000Z', 2, NULL, NULL, 'page', 1);
INSERT INTO "comment_counts" VALUES (1, '2024-01-01T03:00:00.000000Z', 3, NULL, NULL, 'feed', 3);
INSERT INTO "events" VALUES (1, 1, '2024-01-01T01:00:00.000000Z', 'new', NULL, 'Titre', 1);
INSERT INTO "article_states" VALUES (1, 'd3a35cef467f6ec95c743d8911c0336b', '386f8dd68b2c1bdc54c0bc5717bb3a69', '566b3cd33ccfc9b4cbb1e0d1a3c8d991', '{"title":"Titre","kind":"question","lang":"fr-FR","published_on":"2024-01-01","modified_at":null,"author":null,"categories":["Actualité"],"tags":[],"body_text":"Autrefois","protected":false,"questions":[{"position":1,"question":"Question ?","answer":"R","status":"answered","type":"QE","number":"1001","legislature":15,"author":null,"addressee":null,"asked_on":null,"answered_on":null,"demand":null}]}');
INSERT INTO "observations" VALUES (1, 'claire-vasseur.example', 'claire-vasseur.example', 'claire-vasseur.example/a', '2024-01-01T01:00:00.000000Z', 'article', 1, 'claire-vasseur.example/a', 'https://claire-vasseur.example/a/', NULL, NULL, 1, 1, 2, NULL, NULL, 1);
INSERT INTO "observations" VALUES (2, 'claire-vasseur.example', 'claire-vasseur.example', 'claire-vasseur.example', '2024-01-01T02:00:00.000000Z', 'other', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "observations" VALUES (3, 'claire-vasseur.example', 'claire-vasseur.example', 'claire-vasseur.example/feed', '2024-01-01T03:00:00.000000Z', 'other', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO "statements" VALUES (1, '0f56baa04ff9d2c0135f6c885cf43a54', 'feed', 'claire-vasseur.example/a', 'https://claire-vasseur.example/a/', NULL, NULL, NULL, NULL, 3, 0, 3);
INSERT INTO "mentions" VALUES (1, 3);
INSERT INTO "site_statements" VALUES ('claire-vasseur.example', 'home_url', 'https://claire-vasseur.example/', '2024-01-01T03:00:00.000000Z', 'urn:test:0003:https://claire-vasseur.example/feed/:200');
INSERT INTO "site_statements" VALUES ('claire-vasseur.example', 'name', 'Claire Vasseur', '2024-01-01T02:00:00.000000Z', 'urn:test:0002:https://claire-vasseur.example/:200');
INSERT INTO "site_statements" VALUES ('claire-vasseur.example', 'platform', 'WordPress', '2024-01-01T02:00:00.000000Z', 'urn:test:0002:https://claire-vasseur.example/:200');
INSERT INTO "site_statements" VALUES ('claire-vasseur.example', 'profile', '{"name":"Claire Vasseur","home_url":"https://claire-vasseur.example/","platform":null,"deputy":"Claire Vasseur"}', '2024-01-01T00:00:00.000000Z', '');
INSERT INTO "_sqlite_migrations" VALUES (1, 'archive', '0001_create', '2026-11-24 07:03:18.427865+00:00');
INSERT INTO articles_fts (articles_fts) VALUES ('rebuild');
INSERT INTO questions_fts (questions_fts) VALUES ('rebuild');
PRAGMA user_version = 1;
