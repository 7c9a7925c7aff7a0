"""What leaves the project: releases, exports, reports, charts and the site."""
