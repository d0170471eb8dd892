import { type Kysely, sql } from 'kysely'

// biome-ignore lint/suspicious/noExplicitAny: a migration sees the schema as it was
type AnyDb = Kysely<any>

interface Heard {
  name: string
  /** `INSERT ON incidents` */
  when: string
  condition?: string
  /** Statements for both databases, each ended by a semicolon. */
  does: string
}

const DOCUMENT = 'INSERT INTO search_documents (kind, ref, record_id, at, title, body)'
const AGAIN = `ON CONFLICT (kind, ref) DO UPDATE SET record_id = excluded.record_id, at = excluded.at,
  title = excluded.title, body = excluded.body;`
const due = (id: string) => `INSERT INTO learning_due (record_id) VALUES (${id});`
const gone = (kind: string, ref: string) =>
  `DELETE FROM search_documents WHERE kind = '${kind}' AND ref = ${ref};`

/** What of the other tables is searched, and which changes of them make a record due. */
function heard(json: (key: string) => string): Heard[] {
  const recordOf = (id: string) => `(SELECT COALESCE(incident_id, id) FROM postmortems WHERE id = ${id})`
  const incident = `${DOCUMENT} VALUES ('incident', NEW.id, NEW.id, COALESCE(NEW.impact_started_at, NEW.declared_at),
    NEW.title, '') ${AGAIN} ${due('NEW.id')}`
  const action = `${DOCUMENT} VALUES ('action', NEW.id, ${recordOf('NEW.postmortem_id')}, NEW.created_at, NEW.title,
    NEW.criterion) ${AGAIN}`
  const written = `${DOCUMENT} VALUES ('case', NEW.id, ${recordOf('NEW.postmortem_id')}, NEW.updated_at,
    ${json('title')}, ${json('what')} || ' ' || ${json('lesson')}) ${AGAIN}`
  // As it is written; what nobody wrote in it is taken out when the record is read, before anybody searches.
  const postmortem = `${DOCUMENT} VALUES ('post-mortem', NEW.id, COALESCE(NEW.incident_id, NEW.id), NEW.created_at,
    NEW.title, NEW.body) ${AGAIN} ${due('COALESCE(NEW.incident_id, NEW.id)')}`
  const changed =
    'title, severity, detection, impact_started_at, detected_at, acknowledged_at, mitigated_at, resolved_at'
  return [
    { name: 'search_incidents_new', when: 'INSERT ON incidents', does: incident },
    { name: 'search_incidents_changed', when: `UPDATE OF ${changed} ON incidents`, does: incident },
    {
      name: 'search_incidents_gone',
      when: 'DELETE ON incidents',
      does: gone('incident', 'OLD.id') + due('OLD.id'),
    },
    { name: 'learn_services_new', when: 'INSERT ON incident_services', does: due('NEW.incident_id') },
    { name: 'learn_services_gone', when: 'DELETE ON incident_services', does: due('OLD.incident_id') },
    { name: 'learn_alerts_new', when: 'INSERT ON incident_alerts', does: due('NEW.incident_id') },
    {
      // The words of an update are searched as those of the update.
      name: 'search_entries_new',
      when: 'INSERT ON timeline_entries',
      condition: "NEW.kind <> 'update'",
      does: `${DOCUMENT} VALUES ('entry', NEW.id, NEW.incident_id, NEW.happened_at, '', NEW.text) ${AGAIN}`,
    },
    {
      name: 'search_entries_corrected',
      when: 'INSERT ON timeline_entries',
      condition: 'NEW.corrects IS NOT NULL',
      does: gone('entry', 'NEW.corrects'),
    },
    {
      name: 'learn_notes_new',
      when: 'INSERT ON timeline_entries',
      condition: "NEW.kind = 'note'",
      does: due('NEW.incident_id'),
    },
    {
      name: 'search_updates_new',
      when: 'INSERT ON public_updates',
      does: `${DOCUMENT} VALUES ('update', NEW.id, NEW.incident_id, NEW.published_at, '', NEW.body) ${AGAIN}`,
    },
    { name: 'search_actions_new', when: 'INSERT ON actions', does: action },
    { name: 'search_actions_changed', when: 'UPDATE OF title, criterion ON actions', does: action },
    { name: 'search_actions_gone', when: 'DELETE ON actions', does: gone('action', 'OLD.id') },
    { name: 'search_cases_new', when: 'INSERT ON cases', condition: 'NEW.retired_at IS NULL', does: written },
    {
      name: 'search_cases_changed',
      when: 'UPDATE ON cases',
      condition: 'NEW.retired_at IS NULL',
      does: written,
    },
    {
      name: 'search_cases_retired',
      when: 'UPDATE ON cases',
      condition: 'NEW.retired_at IS NOT NULL',
      does: gone('case', 'NEW.id'),
    },
    { name: 'search_cases_gone', when: 'DELETE ON cases', does: gone('case', 'OLD.id') },
    { name: 'search_postmortems_new', when: 'INSERT ON postmortems', does: postmortem },
    {
      name: 'search_postmortems_changed',
      when: 'UPDATE OF title, body, categories, keywords ON postmortems',
      does: postmortem,
    },
    {
      name: 'search_postmortems_gone',
      when: 'DELETE ON postmortems',
      does: gone('post-mortem', 'OLD.id') + due('COALESCE(OLD.incident_id, OLD.id)'),
    },
    {
      name: 'learn_readings_new',
      when: 'INSERT ON postmortem_readings',
      does: due('NEW.postmortem_id'),
    },
  ]
}

/** Triggers on SQLite. */
export async function listenOnSqlite(db: AnyDb): Promise<void> {
  for (const { name, when, condition, does } of heard((key) => `json_extract(NEW.definition, '$.${key}')`))
    await sql
      .raw(`CREATE TRIGGER ${name} AFTER ${when} ${condition ? `WHEN ${condition}` : ''} BEGIN ${does} END`)
      .execute(db)
}

/** The same on PostgreSQL. */
export async function listenOnPostgres(db: AnyDb): Promise<void> {
  for (const { name, when, condition, does } of heard(
    (key) => `(replace(NEW.definition, '\\u0000', '')::jsonb ->> '${key}')`,
  )) {
    await sql
      .raw(
        `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${does} RETURN NULL; END $$`,
      )
      .execute(db)
    await sql
      .raw(
        `CREATE TRIGGER ${name} AFTER ${when} FOR EACH ROW ${condition ? `WHEN (${condition})` : ''}
          EXECUTE FUNCTION ${name}()`,
      )
      .execute(db)
  }
}
