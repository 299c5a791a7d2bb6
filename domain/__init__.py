"""What is true: tables, the catalogue of attributes, grants, intake, scoring, rules. No HTTP, no GraphQL, no OAuth."""
