import { createTheme, type MantineColorsTuple } from '@mantine/core'

const bronze: MantineColorsTuple = [
  '#fbf6ee',
  '#f3e7d3',
  '#e7cfa8',
  '#dcb77c',
  '#d3a45a',
  '#bd8438',
  '#a06a22',
  '#84541a',
  '#694215',
  '#503210',
]
const stone: MantineColorsTuple = [
  '#faf9f7',
  '#f4f2ee',
  '#eae7e1',
  '#dcd8d0',
  '#c2bdb3',
  '#736e65',
  '#635e56',
  '#4c4842',
  '#35322d',
  '#23211d',
]
const ink: MantineColorsTuple = [
  '#dedbd5',
  '#c4c0b8',
  '#a8a39b',
  '#969188',
  '#423e38',
  '#37342f',
  '#262420',
  '#1b1917',
  '#151412',
  '#0f0e0d',
]
const red: MantineColorsTuple = [
  '#fdeeec',
  '#fad9d6',
  '#f3b0aa',
  '#ec857c',
  '#e66256',
  '#d8463a',
  '#c2352a',
  '#a3261d',
  '#841d16',
  '#671610',
]

/** Ink and stone with one accent, the bronze of a bell; the system's own letters; small text for dense tables. */
export const theme = createTheme({
  primaryColor: 'bronze',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.36,
  colors: { bronze, gray: stone, dark: ink, red },
  white: '#ffffff',
  black: '#1f1d1a',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.45' },
    },
  },
  radius: { xs: '2px', sm: '4px', md: '6px', lg: '10px', xl: '16px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Alert: { styles: { message: { color: 'var(--mantine-color-text)' } } },
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    // Who types to find an option takes the first with Enter, as it is marked.
    Select: { defaultProps: { size: 'sm', allowDeselect: false, selectFirstOptionOnChange: true } },
    MultiSelect: { defaultProps: { selectFirstOptionOnChange: true } },
    Tooltip: {
      defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: true } },
    },
    Modal: {
      defaultProps: { centered: true, closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: { fontWeight: 650, fontSize: '1rem' } },
    },
    Drawer: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close' } },
      styles: { title: { fontWeight: 650, fontSize: '1rem' } },
    },
  },
})
