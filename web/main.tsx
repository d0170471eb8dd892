// First, before any schema is made.
import './api/no-eval.ts'
import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import './app/style/frame.css'
import './app/style/parts.css'
import './app/style/rooms.css'
import './app/style/narrow.css'
import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { RouterProvider } from 'react-router'
import { asProblem } from './api/problem.ts'
import { router } from './app/routes.tsx'
import { theme } from './app/theme.ts'

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // The stream tells what changed; this is for when it cannot.
      refetchInterval: 60_000,
      // A refusal does not become an answer by asking again.
      retry: (failures, error) => failures < 2 && [0, 502, 503, 504].includes(asProblem(error).status),
    },
  },
})

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      {/* Not at the top: they would lie on the buttons of the page, and stay while the pointer rests there. */}
      <Notifications position="bottom-right" limit={3} containerWidth={380} />
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
