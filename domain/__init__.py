"""What is true: tables, the catalogue of attributes, grants, intake, scoring, programmes. No HTTP, no GraphQL, no OAuth."""
