import { randomBytes } from 'node:crypto'
import { openSqlite } from '../../store/sqlite.ts'

/** One observation on its way, with its number within the spool. */
export interface Spooled {
  seq: number
  monitorId: string
  at: number
  verdict: string
  reason: string
  summary: string
  tookMs: number
}

/** What has been seen and not been delivered, on disk; bounded, so that a server that never comes back fills nothing. */
export class Spool {
  readonly #db: ReturnType<typeof openSqlite>
  readonly #most: number
  /** Names this spool: its numbers mean nothing in another. */
  readonly id: string

  constructor(file: string, most = 200_000) {
    this.#most = most
    this.#db = openSqlite({ file, synchronous: 'NORMAL' })
    // A number is never given twice, also where the newest rows were delivered and deleted.
    this.#db.exec(`CREATE TABLE IF NOT EXISTS items (seq integer PRIMARY KEY AUTOINCREMENT, body text NOT NULL);
      CREATE TABLE IF NOT EXISTS about (id text NOT NULL, lost integer NOT NULL)`)
    const about = this.#db.prepare('SELECT id FROM about').get() as { id: string } | undefined
    this.id = about?.id ?? randomBytes(12).toString('base64url')
    if (!about) this.#db.prepare('INSERT INTO about (id, lost) VALUES (?, 0)').run(this.id)
  }

  add(seen: Omit<Spooled, 'seq'>): void {
    this.#db.prepare('INSERT INTO items (body) VALUES (?)').run(JSON.stringify(seen))
    const over = this.size() - this.#most
    if (over <= 0) return
    // The oldest go first: how it is now matters more than how it was.
    this.#db.prepare('DELETE FROM items WHERE seq IN (SELECT seq FROM items ORDER BY seq LIMIT ?)').run(over)
    this.#db.prepare('UPDATE about SET lost = lost + ?').run(over)
  }

  size(): number {
    return (this.#db.prepare('SELECT count(*) AS n FROM items').get() as { n: number }).n
  }

  lost(): number {
    return (this.#db.prepare('SELECT lost FROM about').get() as { lost: number }).lost
  }

  first(limit: number): Spooled[] {
    const rows = this.#db.prepare('SELECT seq, body FROM items ORDER BY seq LIMIT ?').all(limit)
    return rows.map((row) => ({ ...JSON.parse(String(row.body)), seq: Number(row.seq) }))
  }

  forget(upTo: number): void {
    this.#db.prepare('DELETE FROM items WHERE seq <= ?').run(upTo)
  }

  close(): void {
    this.#db.close()
  }
}
