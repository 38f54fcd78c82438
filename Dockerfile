# The official image of Odoo 19 with the suite and the Python packages that it asks for.
FROM odoo:19.0

USER root

# WeasyPrint draws with Pango.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        curl \
        fonts-dejavu-core \
        libpango-1.0-0 \
        libpangoft2-1.0-0 \
        python3-venv \
    && rm -rf /var/lib/apt/lists/*

# A virtual environment that sees the image's own packages: nothing of the distribution's is
# replaced. Odoo finds it through PYTHONPATH; OCA's add-ons in it merge into odoo.addons.
COPY requirements.txt /tmp/requirements.txt
RUN python3 -m venv --system-site-packages /opt/utility \
    && /opt/utility/bin/pip install --no-cache-dir -r /tmp/requirements.txt \
    && ln -s /opt/utility/lib/python3.*/site-packages /opt/utility/packages \
    && rm /tmp/requirements.txt
ENV PYTHONPATH=/opt/utility/packages

# `addons_path = .,addons` in odoo.conf is relative to this folder. The pack for Debian's package
# of Odoo is not for this one.
WORKDIR /mnt/utility
COPY . .
RUN rm -rf addons/utility_debian && mkdir -p addons
ENV ODOO_RC=/mnt/utility/odoo.conf

USER odoo
