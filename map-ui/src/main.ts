import { mount } from 'svelte';
import { registerSW } from 'virtual:pwa-register';
import App from './App.svelte';
import './app.css';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');

mount(App, { target });

if (import.meta.env.PROD) registerSW({ immediate: false });
