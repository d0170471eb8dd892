import { createContext, type ReactNode, useContext, useEffect } from 'react'
import { Navigate, useLocation } from 'react-router'
import { ROLES, type Role } from '../../src/contract/route.ts'
import { type Me, readMe } from '../../src/contract/system.ts'
import { useRead } from '../api/hooks.ts'
import { Loading, ProblemNote } from '../parts/feedback.tsx'
import { setServerTime } from '../times/now.ts'

const Session = createContext<Me | null>(null)

/** Shows what is inside to those who are signed in; the others are sent to sign in, and back afterwards. */
export function SignedIn({ children }: { children: ReactNode }) {
  const me = useRead(readMe)
  const place = useLocation()
  useEffect(() => {
    if (me.data) setServerTime(me.data.now)
  }, [me.data])
  if (me.error?.status === 401)
    return <Navigate to="/sign-in" replace state={{ next: `${place.pathname}${place.search}` }} />
  if (me.data) return <Session.Provider value={me.data}>{children}</Session.Provider>
  if (me.error)
    return (
      <main className="centered">
        <div className="gate">
          <ProblemNote of={me.error} retry={() => void me.refetch()} />
        </div>
      </main>
    )
  return <Loading />
}

/** Who is signed in. */
export function useMe(): Me {
  const me = useContext(Session)
  if (!me) throw new Error('useMe is used outside of SignedIn')
  return me
}

/** Whether whoever is signed in may do what this role may. The server decides; this only hides what it would refuse. */
export function useMay(role: Role): boolean {
  return ROLES.indexOf(useMe().role) >= ROLES.indexOf(role)
}
