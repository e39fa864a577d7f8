import { render } from 'preact';
import { App } from './app.js';
import './styles/base.css';

const root = document.getElementById('page');
if (root) render(<App />, root);
