"""The tables of a graph file. One SQLite file, one schema with a version number.

Probabilities are whole per mille. A `node` is a paper or an entity: its `number` joins the tables, its `id` is what users see.
What a paper says (`statement`, `place`) is kept apart from what is meant (`node`, `edge`): resolution can be done again from the first.
"""

SCHEMA_VERSION = 8  # rises too where names get other keys, since what is added must meet what is there
APPLICATION_ID = 0x6B67  # "kg", in the header of the file

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, format TEXT NOT NULL, entries INTEGER NOT NULL);
CREATE TABLE problem (code TEXT NOT NULL, severity TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, message TEXT NOT NULL);
CREATE TABLE node (number INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, label TEXT NOT NULL, papers INTEGER NOT NULL DEFAULT 0);
CREATE TABLE paper (
    node INTEGER PRIMARY KEY, title TEXT NOT NULL, abstract TEXT NOT NULL, year INTEGER, date TEXT NOT NULL, venue TEXT NOT NULL,
    doi TEXT NOT NULL, arxiv_id TEXT NOT NULL, url TEXT NOT NULL, authors TEXT NOT NULL, categories TEXT NOT NULL,
    reference_list TEXT NOT NULL, extra TEXT NOT NULL);
-- what one source said of a paper; `difference` is a JSON object of the fields in which it differs from the paper
CREATE TABLE entry (source INTEGER NOT NULL, line INTEGER NOT NULL, paper INTEGER NOT NULL, source_id TEXT NOT NULL, difference TEXT NOT NULL,
    PRIMARY KEY (source, line)) WITHOUT ROWID;
-- the keys under which a paper is found again: arxiv:…, doi:…, title:…, author:surname year
CREATE TABLE identity (key TEXT NOT NULL, paper INTEGER NOT NULL);
CREATE TABLE name (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE, key TEXT NOT NULL);
CREATE TABLE rule (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
-- `fixed` is the kind where the statement leaves no doubt of it (links, citations); else the five columns hold each kind's probability
CREATE TABLE statement (
    id INTEGER PRIMARY KEY, paper INTEGER NOT NULL, name INTEGER NOT NULL, relation TEXT NOT NULL, confidence INTEGER NOT NULL, fixed TEXT,
    dataset INTEGER NOT NULL, benchmark INTEGER NOT NULL, technique INTEGER NOT NULL, model INTEGER NOT NULL, task INTEGER NOT NULL,
    entity INTEGER);
-- what a source that was resolved already says: which entity a statement means, the entities with their names, and facts of the lexicon
CREATE TABLE stated (statement INTEGER PRIMARY KEY, entity TEXT NOT NULL);
CREATE TABLE stated_entity (id TEXT PRIMARY KEY, label TEXT NOT NULL, kinds TEXT NOT NULL, confidence INTEGER NOT NULL, note TEXT NOT NULL,
    url TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE stated_name (entity TEXT NOT NULL, name TEXT NOT NULL, key TEXT NOT NULL, papers INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (entity, name)) WITHOUT ROWID;
CREATE TABLE stated_fact (source TEXT NOT NULL, relation TEXT NOT NULL, target TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (source, relation, target)) WITHOUT ROWID;
-- which paper a name asks for where statements cite by it
CREATE TABLE citation (name INTEGER PRIMARY KEY, key TEXT NOT NULL);
-- what the paper says is another name of the same thing (an acronym that it defines, a macro)
CREATE TABLE alias (statement INTEGER NOT NULL, name INTEGER NOT NULL, PRIMARY KEY (statement, name)) WITHOUT ROWID;
-- field: 0 title, 1 abstract, 2+N the N-th reference; offsets in characters, end exclusive
CREATE TABLE place (
    statement INTEGER NOT NULL, number INTEGER NOT NULL, field INTEGER NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    name_start INTEGER NOT NULL, name_end INTEGER NOT NULL, surface INTEGER NOT NULL, rule INTEGER NOT NULL, confidence INTEGER NOT NULL,
    PRIMARY KEY (statement, number)) WITHOUT ROWID;
CREATE TABLE entity (node INTEGER PRIMARY KEY, kinds TEXT NOT NULL, confidence INTEGER NOT NULL, note TEXT NOT NULL, url TEXT NOT NULL);
-- how papers use a name whose statements favour a group of kinds (0 resource, 1 technique, 2 model, 3 task): sums over the statements,
-- so that an addition need not count again
CREATE TABLE usage (
    name INTEGER NOT NULL, favoured INTEGER NOT NULL, papers INTEGER NOT NULL, statements INTEGER NOT NULL, dataset INTEGER NOT NULL,
    benchmark INTEGER NOT NULL, technique INTEGER NOT NULL, model INTEGER NOT NULL, task INTEGER NOT NULL, best INTEGER NOT NULL,
    introduced INTEGER NOT NULL, PRIMARY KEY (name, favoured)) WITHOUT ROWID;
-- acronyms and what most papers that define them mean; keys that are read as another key, and why
CREATE TABLE acronym (key TEXT PRIMARY KEY, long TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE root (key TEXT PRIMARY KEY, root TEXT NOT NULL, reason TEXT NOT NULL) WITHOUT ROWID;
-- what a name of this root means in statements that favour the group (-1: any), how sure that is, and what the entity is called for it
CREATE TABLE meaning (
    root TEXT NOT NULL, favoured INTEGER NOT NULL, node INTEGER NOT NULL, prior INTEGER NOT NULL, label TEXT NOT NULL, kinds TEXT NOT NULL,
    note TEXT NOT NULL, PRIMARY KEY (root, favoured)) WITHOUT ROWID;
CREATE TABLE spelling (entity INTEGER NOT NULL, name INTEGER NOT NULL, papers INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (entity, name)) WITHOUT ROWID;
-- names that were looked at together and kept apart, or left out, and why
CREATE TABLE refusal (key TEXT NOT NULL, other TEXT NOT NULL, papers INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE TABLE edge (id INTEGER PRIMARY KEY, source INTEGER NOT NULL, relation TEXT NOT NULL, target INTEGER NOT NULL, confidence INTEGER NOT NULL);
-- the one paper that introduces an entity, where there is exactly one; papers that name it build on that paper
CREATE TABLE introduced (entity INTEGER PRIMARY KEY, paper INTEGER NOT NULL, confidence INTEGER NOT NULL);
-- entities that the lexicon calls so broad that they say little of one paper
CREATE TABLE broad (node INTEGER PRIMARY KEY);
-- the line of the lexicon that carries an edge between entities
CREATE TABLE fact (edge INTEGER PRIMARY KEY, text TEXT NOT NULL);
-- what carries an edge: statements that say so, and for builds_on those that name what the other paper introduced;
-- the plus signs make SQLite look through the few statements of the paper, not through the many about the entity
CREATE VIEW support AS
    SELECT e.id AS edge, s.id AS statement FROM edge e JOIN introduced i ON i.paper = e.target JOIN statement s ON s.paper = e.source AND +s.entity = i.entity
    JOIN edge x ON x.source = s.paper AND x.relation = s.relation AND x.target = s.entity
    WHERE e.relation = 'builds_on' AND s.relation != 'introduces';
CREATE VIEW edge_statement AS
    SELECT e.id AS edge, s.id AS statement FROM edge e JOIN statement s ON s.paper = e.source AND +s.entity = e.target AND s.relation = e.relation
    UNION ALL SELECT edge, statement FROM support;
"""

# made after the rows, so that rows are written once: first, while names are counted, what resolution needs or leaves as it is, the rest after it;
# those over edges hold all of an edge but its number, so that a thing which very many papers name is read in one piece
INDEXES = """
CREATE UNIQUE INDEX node_id ON node (id);
CREATE INDEX identity_key ON identity (key, paper);
CREATE INDEX name_key ON name (key);
CREATE INDEX alias_name ON alias (name);
CREATE INDEX statement_paper ON statement (paper);
CREATE INDEX statement_name ON statement (name);
CREATE INDEX paper_year ON paper (year, date) WHERE year IS NOT NULL;
CREATE INDEX paper_date ON paper (date, year) WHERE date != '';
CREATE INDEX entry_paper ON entry (paper);
CREATE INDEX entry_source_id ON entry (source_id) WHERE source_id != '';
CREATE INDEX identity_paper ON identity (paper);
CREATE INDEX citation_key ON citation (key);
"""

EDGE_TARGET = "CREATE INDEX IF NOT EXISTS edge_target ON edge (target, relation, confidence, source)"  # by which papers of a thing are counted

MORE_INDEXES = """
CREATE INDEX node_kind ON node (kind, papers DESC);
CREATE INDEX node_label ON node (label, id);
CREATE INDEX statement_unresolved ON statement (entity) WHERE entity IS NULL;
CREATE INDEX spelling_name ON spelling (name);
CREATE INDEX edge_source ON edge (source, target, relation, confidence);
CREATE INDEX edge_code ON edge (source, confidence) WHERE relation = 'has_code';
CREATE INDEX edge_linked ON edge (target, source) WHERE relation = 'has_code' OR relation = 'has_data' OR relation = 'has_model'
    OR relation = 'has_project' OR relation = 'has_demo' OR relation = 'links_to';
CREATE INDEX refusal_other ON refusal (other);
CREATE INDEX root_root ON root (root);
CREATE INDEX meaning_node ON meaning (node);
CREATE INDEX introduced_paper ON introduced (paper);
CREATE INDEX refusal_key ON refusal (key);
CREATE VIRTUAL TABLE paper_words USING fts5 (title, abstract, content='', tokenize='unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE entity_words USING fts5 (names, content='', tokenize='unicode61 remove_diacritics 2');
"""
