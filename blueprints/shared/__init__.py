"""What every blueprint uses: access, forms, messages, formatting, language, errors."""
