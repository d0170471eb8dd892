import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from '@mantine/core'
import { IconLogout, IconMoon, IconSun, IconSunMoon, IconUserCircle } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from 'react-router'
import { signOut } from '../../src/contract/system.ts'
import { useAct } from '../api/hooks.ts'
import { useMe } from './session.tsx'

const SCHEMES = [
  { value: 'auto', label: 'As the system', Icon: IconSunMoon },
  { value: 'light', label: 'Light', Icon: IconSun },
  { value: 'dark', label: 'Dark', Icon: IconMoon },
] as const

/** Who is signed in, the colours, and the way out. */
export function Account() {
  const me = useMe()
  const client = useQueryClient()
  const navigate = useNavigate()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const leave = useAct(signOut, () => {
    client.clear()
    void navigate('/sign-in')
  })
  const { Icon, label } = SCHEMES.find(({ value }) => value === colorScheme) ?? SCHEMES[0]
  return (
    <div style={{ display: 'flex', alignItems: 'center', gap: 2 }}>
      <Link to="/account" className="nav-link" style={{ flex: 1, minWidth: 0 }}>
        <IconUserCircle size={18} stroke={1.75} aria-hidden="true" />
        <span style={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>{me.name}</span>
      </Link>
      <Menu position="top-end" withinPortal>
        <Menu.Target>
          <Tooltip label={`Colours: ${label}`}>
            <ActionIcon variant="subtle" color="gray" aria-label={`Colours: ${label}`}>
              <Icon size={17} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          {SCHEMES.map(({ value, label: name, Icon: Sign }) => (
            <Menu.Item key={value} leftSection={<Sign size={16} />} onClick={() => setColorScheme(value)}>
              {name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Tooltip label="Sign out">
        <ActionIcon variant="subtle" color="gray" aria-label="Sign out" onClick={() => leave.mutate({})}>
          <IconLogout size={17} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}
