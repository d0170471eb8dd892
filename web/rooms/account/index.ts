export { AccountPage } from './account-page.tsx'
export { InvitationPage, SetupPage } from './first-password.tsx'
export { SignInPage } from './sign-in.tsx'
