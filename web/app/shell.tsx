import { Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconActivityHeartbeat,
  IconAlertTriangle,
  IconBellRinging,
  IconBooks,
  IconCalendarUser,
  IconCertificate,
  IconChartDots,
  IconCircleFilled,
  IconDotsCircleHorizontal,
  IconFileText,
  IconKey,
  IconLayoutDashboard,
  IconListCheck,
  IconRadar2,
  IconSearch,
  IconTargetArrow,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { Link, Outlet, ScrollRestoration, useLocation } from 'react-router'
import { readMe, readOverview } from '../../src/contract/system.ts'
import { onSignedOut } from '../api/client.ts'
import { useRead } from '../api/hooks.ts'
import { type LiveState, useLive } from '../api/live.ts'
import { Account } from './account-menu.tsx'
import { Keyboard } from './keyboard.tsx'
import { Bell } from './logo.tsx'
import { isAt, PLACES, type Place } from './places.ts'
import { SearchEverywhere } from './search-everywhere.tsx'
import { SignedIn, useMay } from './session.tsx'

const ICONS: Record<string, typeof IconKey> = {
  '/': IconLayoutDashboard,
  '/alerts': IconBellRinging,
  '/incidents': IconAlertTriangle,
  '/monitors': IconActivityHeartbeat,
  '/certificates': IconCertificate,
  '/on-call': IconCalendarUser,
  '/post-mortems': IconFileText,
  '/actions': IconListCheck,
  '/drills': IconTargetArrow,
  '/exercises': IconUsersGroup,
  '/cases': IconBooks,
  '/blind-spots': IconRadar2,
  '/learning': IconChartDots,
  '/people': IconUsers,
  '/tokens': IconKey,
}
const ON_PHONE = ['/', '/alerts', '/incidents', '/on-call']

/** The frame around every page of those who are signed in. */
export function Shell() {
  return (
    <SignedIn>
      <Frame />
    </SignedIn>
  )
}

function Frame() {
  const client = useQueryClient()
  const live = useLive()
  const counts = useCounts()
  const may = { administrator: useMay('administrator') }
  const places = PLACES.filter((place) => place.role !== 'administrator' || may.administrator)
  const { pathname } = useLocation()
  const [more, { open, close }] = useDisclosure()
  const main = useRef<HTMLElement>(null)
  useEffect(
    () => onSignedOut(() => void client.invalidateQueries({ queryKey: ['system', readMe.id] })),
    [client],
  )
  // Those who do not see the page change are told by the focus, which moves to the new page.
  const first = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address is what this waits for
  useEffect(() => {
    // A page that is there to be typed into has taken the focus itself.
    const taken = document.activeElement?.hasAttribute('data-takes-focus')
    if (!first.current && !taken) main.current?.focus({ preventScroll: true })
    first.current = false
    close()
  }, [pathname])
  return (
    <div className="frame">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <aside className="side" aria-label="Tocsin">
        <Brand />
        <SearchEverywhere />
        <nav aria-label="Rooms">
          {places.map((place) => (
            <NavItem key={place.to} place={place} count={counts[place.to]} at={isAt(place.to, pathname)} />
          ))}
        </nav>
        <div className="side-foot">
          <LiveNote state={live} />
          <Account />
        </div>
      </aside>
      <header className="topbar">
        <Brand />
        <LiveNote state={live} />
        <Link to="/search" className="search-link" aria-label="Search everything">
          <IconSearch size={20} aria-hidden="true" />
        </Link>
      </header>
      <main className="main" id="main" ref={main} tabIndex={-1} style={{ outline: 'none' }}>
        <Outlet />
      </main>
      <nav className="tabbar" aria-label="Rooms">
        {places
          .filter(({ to }) => ON_PHONE.includes(to))
          .map((place) => (
            <Tab key={place.to} place={place} count={counts[place.to]} at={isAt(place.to, pathname)} />
          ))}
        <button type="button" className="tab" onClick={open} aria-haspopup="dialog">
          <IconDotsCircleHorizontal size={21} aria-hidden="true" />
          More
        </button>
      </nav>
      <Drawer
        opened={more}
        onClose={close}
        position="bottom"
        title="All rooms"
        size="auto"
        styles={{ content: { height: 'auto' } }}
      >
        <nav aria-label="All rooms">
          {places.map((place) => (
            <NavItem key={place.to} place={place} count={counts[place.to]} at={isAt(place.to, pathname)} />
          ))}
        </nav>
        <div className="side-foot">
          <Account />
        </div>
      </Drawer>
      <Keyboard />
      <ScrollRestoration />
    </div>
  )
}

function useCounts(): Record<string, number | undefined> {
  const { data } = useRead(readOverview)
  if (!data) return {}
  return {
    '/alerts': data.openAlerts,
    '/incidents': data.openIncidents,
    '/actions': data.actionsAwaitingProof,
  }
}

function Brand() {
  return (
    <Link to="/" className="brand" aria-label="Tocsin, overview">
      <Bell />
      Tocsin
    </Link>
  )
}

function Count({ of, place }: { of: number | undefined; place: Place }) {
  if (!of) return null
  return (
    <span className="nav-count" data-tone={place.to === '/actions' ? 'plain' : 'bad'}>
      {of}
    </span>
  )
}

function NavItem({ place, count, at }: { place: Place; count: number | undefined; at: boolean }) {
  const Icon = ICONS[place.to] ?? IconKey
  return (
    <Link to={place.to} className="nav-link" aria-current={at ? 'page' : undefined}>
      <Icon size={18} stroke={1.75} aria-hidden="true" />
      {place.label}
      <Count of={count} place={place} />
    </Link>
  )
}

function Tab({ place, count, at }: { place: Place; count: number | undefined; at: boolean }) {
  const Icon = ICONS[place.to] ?? IconKey
  return (
    <Link to={place.to} className="tab" aria-current={at ? 'page' : undefined}>
      <Icon size={21} stroke={1.75} aria-hidden="true" />
      {place.label}
      <Count of={count} place={place} />
    </Link>
  )
}

const LIVE: Record<LiveState, [word: string, why: string]> = {
  live: ['Live', 'Changes appear as they happen'],
  connecting: ['Connecting', 'Changes appear within a minute until the line stands'],
  reconnecting: ['Reconnecting', 'The line broke; what you see may be up to a minute old'],
}

function LiveNote({ state }: { state: LiveState }) {
  const [word, why] = LIVE[state]
  return (
    <span className="live" data-state={state} role="status" title={why}>
      <IconCircleFilled size={8} aria-hidden="true" />
      {word}
    </span>
  )
}
