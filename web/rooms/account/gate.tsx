import { Paper, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { Bell } from '../../app/logo.tsx'

/** The frame of the pages before one is signed in. */
export function Gate({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useDocumentTitle(`${title} · Tocsin`)
  return (
    <main className="centered">
      <div className="gate">
        <div className="brand" style={{ padding: '0 0 18px' }}>
          <Bell size={30} />
          Tocsin
        </div>
        <Paper withBorder p="lg" bg="var(--surface)">
          <Title order={1} mb={6}>
            {title}
          </Title>
          {lead && (
            <p className="dim" style={{ margin: '0 0 16px' }}>
              {lead}
            </p>
          )}
          {children}
        </Paper>
      </div>
    </main>
  )
}
