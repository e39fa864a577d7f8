export const App = () => <main>Slipway</main>;
